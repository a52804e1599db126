import type { Principal } from '../../auth/principal';
import { periodClosed } from '../../database/failures';
import { notFound, Problem } from '../../http/problems/problem';
import { maySee } from '../people/scope';
import type { LockedException } from './exception';

/** Why somebody may not decide about an exception, or undefined where they may. */
export function refusalToResolve(by: Principal, row: LockedException | undefined): Problem | undefined {
  if (!row || !maySee(by, row)) return notFound('exception');
  if (row.employeeId === by.userId || row.createdBy === by.userId) {
    return new Problem(
      'self_approval',
      'Nobody decides about themselves, or about what they asked for. Ask somebody else.',
    );
  }
  if (row.closed) return periodClosed();
  if (row.status === 'premature') {
    return new Problem(
      'conflict',
      'This may still turn out all right: its window has not closed. Decide when it is open.',
      {
        members: { currentStatus: row.status },
      },
    );
  }
  if (row.status !== 'open') {
    return new Problem('already_decided', `This exception is ${row.status}; only an open one can be decided.`, {
      members: { currentStatus: row.status },
    });
  }
  return undefined;
}
