import { type Fault, Problem } from '../../http/problems/problem';
import type { Punch } from '../punches/punch';
import type { Correction } from './correction';

export function unknownEmployee(): Problem {
  return new Problem('employee_unknown', 'There is no such employee among the people whose punches you may correct.', {
    errors: [{ pointer: '/employeeId', code: 'employee_unknown', detail: 'is not an employee in your scope' }],
  });
}

/** A punch of somebody else is answered like one that does not exist. */
export function unknownPunch(): Problem {
  return new Problem('punch_unknown', 'There is no such punch of this employee. Look it up in their list of punches.', {
    errors: [{ pointer: '/punchId', code: 'punch_unknown', detail: 'is not a punch of this employee' }],
  });
}

export function nothingChanges(): Problem {
  const detail = 'is what the punch says already';
  const errors: Fault[] = [{ pointer: '/timestamp', code: 'invalid', detail }];
  return new Problem('validation_failed', 'The punch says this already. Say another time or type.', { errors });
}

/** The same punch twice would be counted once, and confuse everybody who looks. */
export function punchedAlready(type: string): Problem {
  return new Problem('conflict', `There is an active punch of this type (${type}) at this very time already.`);
}

export function inFuture(): Problem {
  return new Problem('punch_in_future', 'The wanted time lies more than 5 minutes in the future.', {
    errors: [{ pointer: '/timestamp', code: 'punch_in_future', detail: 'Choose a time that has passed.' }],
  });
}

export function selfApproval(): Problem {
  return new Problem(
    'self_approval',
    'Whoever asks for a correction, or is corrected by it, does not decide about it. Ask another approver or an administrator.',
  );
}

export function alreadyDecided({ status }: Correction): Problem {
  const how = status === 'cancelled' ? 'was cancelled' : `was ${status} already`;
  return new Problem('already_decided', `This correction ${how}. Ask for another one where something is still wrong.`, {
    members: { currentStatus: status },
  });
}

export function punchChanged(punch: Punch): Problem {
  return new Problem(
    'conflict',
    'The punch has changed since this correction was asked for; nothing was applied. Reject it, and ask for another one where something is still wrong.',
    { members: { punchStatus: punch.status, ...(punch.supersededBy ? { supersededBy: punch.supersededBy } : {}) } },
  );
}

export function notYours(): Problem {
  return new Problem('forbidden', 'Only whoever asked for it, or an administrator, cancels a correction.');
}
