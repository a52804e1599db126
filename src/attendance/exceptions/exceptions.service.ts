import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { AuditEntry } from '../../audit/ledger/entry';
import type { Principal } from '../../auth/principal';
import { assertVersion } from '../../http/input/if-match';
import { notFound, Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { eachAlone } from '../../writes/each-alone';
import { Writes } from '../../writes/writes';
import { parseDate } from '../rules/time/calendar';
import { employeeInScope, mustBeEmployedOn } from '../people/employee';
import { maySee } from '../people/scope';
import { type ExceptionRow, toExceptionResponse } from './exception';
import type { ExceptionBatch, ExceptionRemoval, ExceptionResolution, NewException } from './exception.schemas';
import { ExceptionsRepository } from './exceptions.repository';
import { refusalToResolve } from './errors';

/** Deciding about exceptions, one or a thousand at a time; noticing what the rules cannot. */
@Injectable()
export class ExceptionsService {
  constructor(
    private readonly writes: Writes,
    private readonly exceptions: ExceptionsRepository,
  ) {}

  create(by: Principal, { employeeId, date, code, description, occurredAt }: NewException): Write {
    return this.writes.change(async (tx) => {
      const employee = await employeeInScope(tx, by, employeeId);
      if (!employee) throw unknownEmployee();
      const day = parseDate(date);
      mustBeEmployedOn(employee, day, '/date');
      const at = occurredAt ?? new Date(employee.zone.dayStart(day) * 1000).toISOString();
      const id = uuidv7();
      await this.exceptions.insert(tx, { id, employeeId, date, code, at, description, by: by.userId });
      const wasApproved = await this.exceptions.resetApproval(tx, employeeId, date);
      const made = await this.exceptions.get(tx, id);
      return {
        answer: {
          status: 201,
          body: toExceptionResponse(made),
          location: `/api/exceptions/${id}`,
          version: made.version,
        },
        audit: [
          entry('create', made, undefined, { date, code, description, status: made.status }),
          ...(wasApproved ? [approvalReset(made)] : []),
        ],
      };
    });
  }

  /** Decides about an open exception. Whoever asked, or whom it is about, does not decide. */
  resolve(by: Principal, id: string, { status, notes }: ExceptionResolution, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const [before] = await this.exceptions.lock(tx, [id]);
      const refusal = refusalToResolve(by, before);
      if (!before || refusal?.code === 'not_found') throw notFound('exception');
      assertVersion('this exception', before.version, expectedVersion);
      if (refusal) throw refusal;
      await this.exceptions.updateStatus(tx, [id], { status, notes, by: by.userId });
      const after = await this.exceptions.get(tx, id);
      return {
        answer: { status: 200, body: toExceptionResponse(after), version: after.version },
        audit: [resolved(before, status, notes, by)],
      };
    });
  }

  /** Exceptions are decided one by one. If none can be decided, the whole is refused with the first one's reason. */
  resolveBatch(by: Principal, { ids, status, notes }: ExceptionBatch): Write {
    return this.writes.change(async (tx) => {
      const rows = new Map((await this.exceptions.lock(tx, ids)).map((row) => [row.id, row]));
      const { accepted, body } = eachAlone(
        ids.map((id) => ({ id })),
        {
          noun: 'exception',
          done: 'resolved',
          rowOf: ({ id }) => rows.get(id),
          refusalOf: (row) => refusalToResolve(by, row),
        },
      );
      const accept = accepted.map(({ id }) => id);
      await this.exceptions.updateStatus(tx, accept, { status, notes, by: by.userId });
      return { answer: { status: 200, body }, audit: accepted.map((row) => resolved(row, status, notes, by)) };
    });
  }

  /** What somebody entered by hand can be taken back, by them or an administrator; what was found can only be decided about. */
  remove(by: Principal, id: string, { reason }: ExceptionRemoval, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const [before] = await this.exceptions.lock(tx, [id]);
      if (!before || !maySee(by, before)) throw notFound('exception');
      assertVersion('this exception', before.version, expectedVersion);
      if (before.source === 'automatic') {
        throw new Problem('conflict', 'What the rules found cannot be deleted. Resolve it, or put its punches right.');
      }
      if (before.createdBy !== by.userId && !by.permissions.has('attendance:admin')) {
        throw new Problem('forbidden', 'Whoever entered it, or an administrator, may take it back.');
      }
      if (before.status !== 'open') {
        throw new Problem(
          'already_decided',
          `This exception is ${before.status}; only an open one can be taken back.`,
          {
            members: { currentStatus: before.status },
          },
        );
      }
      await this.exceptions.updateStatus(tx, [id], { status: 'deleted', notes: reason, by: by.userId });
      const after = await this.exceptions.get(tx, id);
      return {
        answer: { status: 200, body: toExceptionResponse(after), version: after.version },
        audit: [entry('delete', before, { status: before.status }, { status: 'deleted', reason })],
      };
    });
  }
}

/** What was approved is not all there is: the day is decided about again. */
function approvalReset({ employeeId, date }: ExceptionRow): AuditEntry {
  const after = { approval: 'pending', reason: 'An exception was entered' };
  const about = { entity: 'day', action: 'update', entityId: `${employeeId}/${date}`, employeeId } as const;
  return { ...about, before: { approval: 'approved' }, after };
}

function resolved(row: ExceptionRow, status: 'approved' | 'rejected', notes: string | undefined, by: Principal) {
  const after = { status, notes, resolvedBy: by.userId };
  return entry(status === 'approved' ? 'approve' : 'reject', row, { status: row.status }, after);
}

function entry(
  action: AuditEntry['action'],
  { id, employeeId }: ExceptionRow,
  before: AuditEntry['before'],
  after: AuditEntry['after'],
): AuditEntry {
  const about = { entity: 'exception', action, entityId: id, exceptionId: id, employeeId } as const;
  return { ...about, ...(before ? { before } : {}), ...(after ? { after } : {}) };
}

function unknownEmployee(): Problem {
  const detail = 'There is no such employee.';
  return new Problem('employee_unknown', detail, {
    errors: [{ pointer: '/employeeId', code: 'employee_unknown', detail }],
  });
}
