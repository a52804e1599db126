import { Injectable } from '@nestjs/common';
import { isOneself, type Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { assertVersion } from '../../http/input/if-match';
import { validationFailed } from '../../http/input/schema.pipe';
import { Problem } from '../../http/problems/problem';
import { encodeAnswer } from '../../writes/sent-answer';
import type { Change, Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { refuseClosedDates } from './closed-dates';
import { FUTURE_TOLERANCE_MS, type PunchDecision } from './decide';
import { type Punch, type PunchDraft, punchResponse } from './punch';
import type { NewPunch, PunchBatch, PunchCorrection, PunchItem, PunchRemoval } from './punch.schemas';
import { PunchesRepository } from './punches.repository';
import { PunchRecorder } from './recorder';
import type { Recording } from './recording';
import { visiblePunch } from './punch-scope';
import { mayWriteFor, reportingScopeOf } from '../people/scope';

/** What can be done with punches. Every write is described here and performed by the one path of a write. */
@Injectable()
export class PunchesService {
  constructor(
    private readonly recorder: PunchRecorder,
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly punches: PunchesRepository,
  ) {}

  /** One punch: 201 with it, 200 with the one that was reported before, or the refusal. */
  record(by: Principal, punch: NewPunch): Write {
    mayWriteFor(by, punch.employeeId);
    if (punch.source === 'terminal' && (reportingScopeOf(by).kind === 'own' || isOneself(by, punch.employeeId))) {
      throw new Problem(
        'forbidden',
        'A terminal signs in with an account of its own, as an administrator or an approver, and reports the punches of others.',
      );
    }
    return this.recorder.record({
      ...boundsOf(by),
      drafts: [draftOf(punch, punch.source)],
      answer: ([decision]) => answerToOne(decision),
    });
  }

  /** Up to a thousand punches in one transaction, each with a result of its own; never all or nothing. */
  recordBatch(by: Principal, batch: PunchBatch): Write {
    for (const punch of batch.punches) mayWriteFor(by, punch.employeeId);
    return this.recorder.record({
      ...boundsOf(by),
      drafts: batch.punches.map(draftOfItem),
      answer: (decisions) => encodeAnswer({ status: 200, body: batchResult(decisions) }),
    });
  }

  /** The punch, active or not: a corrected or deleted original stays readable. 404 outside the caller's scope. */
  get(by: Principal, id: string): Promise<Punch> {
    return this.work.read(by.tenantId, async (tx) => {
      return visiblePunch(tx, by, await this.punches.find(tx, by.tenantId, id));
    });
  }

  /** A new fact that replaces the old one; the old one stays, and points at it. */
  correct(by: Principal, id: string, correction: PunchCorrection, expectedVersion?: number): Write {
    return this.writes.change(async (tx, context) => {
      const moved =
        correction.timestamp === undefined ? [] : [{ at: new Date(correction.timestamp), pointer: '/timestamp' }];
      const before = await this.lockActive(by, id, expectedVersion, ...moved)(tx, context);
      const occurredAt = moved[0]?.at ?? before.occurredAt;
      if (occurredAt.getTime() - Date.now() > FUTURE_TOLERANCE_MS) {
        throw new Problem('punch_in_future', 'The corrected time lies more than 5 minutes in the future.', {
          errors: [{ pointer: '/timestamp', code: 'punch_in_future', detail: 'Choose a time that has passed.' }],
        });
      }
      const after = await this.punches.insertCorrection(tx, by.tenantId, {
        id,
        type: correction.type ?? before.type,
        occurredAt,
        offsetMinutes: correction.timestamp ? offsetOf(correction.timestamp) : (before.deviceOffsetMinutes ?? null),
        reason: correction.reason,
        by: by.userId,
      });
      await this.punches.deactivate(tx, by.tenantId, id, 'superseded', correction.reason, after.id);
      const auditState = ({ type, occurredAt: at, status }: Punch) => ({ type, occurredAt: at, status });
      return {
        answer: {
          status: 200,
          body: punchResponse(after),
          location: `/api/punches/${after.id}`,
          version: after.version,
        },
        audit: [
          {
            entity: 'punch',
            action: 'update',
            entityId: id,
            punchId: id,
            employeeId: before.employeeId,
            before: auditState(before),
            after: { ...auditState(after), status: 'superseded', supersededBy: after.id, reason: correction.reason },
          },
        ],
      };
    });
  }

  /** Takes a punch out of the count; it stays readable, with the reason. */
  remove(by: Principal, id: string, removal: PunchRemoval, expectedVersion?: number): Write {
    return this.writes.change(async (tx, context) => {
      const before = await this.lockActive(by, id, expectedVersion)(tx, context);
      const after = await this.punches.deactivate(tx, by.tenantId, id, 'deleted', removal.reason);
      if (!after) throw notActive(before);
      return {
        answer: { status: 200, body: punchResponse(after), version: after.version },
        audit: [
          {
            entity: 'punch',
            action: 'delete',
            entityId: id,
            punchId: id,
            employeeId: before.employeeId,
            before: { status: before.status, type: before.type, occurredAt: before.occurredAt },
            after: { status: after.status, reason: removal.reason },
          },
        ],
      };
    });
  }

  /** Locks the punch for a correction or deletion; refuses one's own, one out of scope, of another version, no longer active, or in a closed period. */
  private lockActive(
    by: Principal,
    id: string,
    expectedVersion: number | undefined,
    ...also: readonly { at: Date; pointer: string }[]
  ): (...args: Parameters<Change>) => Promise<Punch> {
    return async (tx) => {
      const punch = await visiblePunch(tx, by, await this.punches.lock(tx, by.tenantId, id));
      assertVersion('this punch', punch.version, expectedVersion);
      if (by.fourEyes.ownPunches && isOneself(by, punch.employeeId)) throw ownPunch();
      if (punch.status !== 'active') throw notActive(punch);
      await refuseClosedDates(tx, punch.employeeId, [{ at: punch.occurredAt }, ...also]);
      return punch;
    };
  }
}

/** Whom the caller may report about, and about whom it would be their own word. */
function boundsOf(by: Principal): Pick<Recording, 'scopeUnit' | 'reporters'> {
  const scope = reportingScopeOf(by);
  return {
    ...(scope.kind === 'unit' ? { scopeUnit: scope.unitId } : {}),
    ...(by.key ? { reporters: by.key.holders } : {}),
  };
}

function draftOf(punch: Omit<NewPunch, 'source'>, source: PunchDraft['source']): PunchDraft {
  const { timestamp, ...rest } = punch;
  if (timestamp === undefined) return { ...rest, source };
  return { ...rest, source, occurredAt: new Date(timestamp), deviceOffsetMinutes: offsetOf(timestamp) };
}

function draftOfItem(item: PunchItem): PunchDraft {
  if (!('fault' in item)) return draftOf(item, 'batch');
  const { employeeId, type, fault } = item;
  return { employeeId, type, source: 'batch', impossible: validationFailed([fault]) };
}

/** Minutes east of UTC, as written behind a time. */
function offsetOf(timestamp: string): number {
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(timestamp) ?? [];
  const total = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -total : total;
}

function answerToOne(decision: PunchDecision | undefined) {
  if (!decision) throw new Error('A punch was left undecided');
  if (decision.kind === 'refused') return decision.problem;
  const location = `/api/punches/${decision.punch.id}`;
  return decision.kind === 'created'
    ? encodeAnswer({ status: 201, body: punchResponse(decision.punch), location, version: decision.punch.version })
    : encodeAnswer({ status: 200, body: { ...punchResponse(decision.punch), duplicate: true }, location });
}

function batchResult(decisions: readonly PunchDecision[]) {
  const counts = { created: 0, duplicate: 0, refused: 0 };
  const results = decisions.map((decision, index) => {
    counts[decision.kind]++;
    if (decision.kind === 'refused')
      return { index, status: decision.kind, code: decision.problem.code, detail: decision.problem.detail };
    const flags = decision.punch.flags.length > 0 ? { flags: decision.punch.flags } : {};
    const quarantined = decision.punch.status === 'quarantined' ? { quarantined: true } : {};
    return { index, status: decision.kind, id: decision.punch.id, ...flags, ...quarantined };
  });
  return { counts, results };
}

function ownPunch(): Problem {
  return new Problem(
    'self_approval',
    'Nobody changes or deletes punches of their own. Ask for a correction (POST /api/corrections), which somebody else decides.',
  );
}

/** Only what counts can be changed: says what became of the punch instead. */
export function notActive(punch: Punch): Problem {
  const how = {
    active: 'is active',
    superseded: 'was corrected by another one',
    deleted: 'was deleted',
    quarantined: 'waits for a decision about its quarantine',
    accepted: 'came after its pay period was closed, and counts for an adjustment',
    void: 'came late, and was found void',
  }[punch.status];
  return new Problem('punch_not_active', `This punch ${how}; only an active punch can be changed.`, {
    members: { currentStatus: punch.status, ...(punch.supersededBy ? { supersededBy: punch.supersededBy } : {}) },
  });
}
