import type { WriteContext } from '../../writes/write';
import type { PunchDraft } from '../punches/punch';
import type { RejectedLine, ReportedLine } from './attlog-lines';
import type { Device } from './device';
import type { Owner, OwnerOf } from './pin-owners';

/** A line of somebody, as the punch that it would be. */
export interface Attributed {
  readonly line: ReportedLine;
  readonly draft: PunchDraft;
}

/** Whose the lines of an upload are. Together they are all that could be read. */
interface LineAttribution {
  readonly attributed: readonly Attributed[];
  /** Those whose PIN nobody or more than one person has, each with its reason. */
  readonly unowned: readonly { readonly line: ReportedLine; readonly refusal: Omit<RejectedLine, 'text'> }[];
  /** Those that are not looked at, whatever their time: about whoever tries them again (`self_approval`), or held before. */
  readonly refused: readonly RejectedLine[];
}

/** `held`: the texts of lines that wait for an operator already, or were dismissed. */
export function attributeLines(
  lines: readonly ReportedLine[],
  ownerOf: OwnerOf,
  held: ReadonlySet<string>,
  context: WriteContext,
  device: Device,
): LineAttribution {
  const attributed: Attributed[] = [];
  const unowned: LineAttribution['unowned'][number][] = [];
  const refused: RejectedLine[] = [];
  for (const line of lines) {
    const owner = ownerOf(line);
    if (isOwn(owner, context)) refused.push({ text: line.text, ...refusedOwn });
    else if (held.has(line.text)) refused.push({ text: line.text, ...heldBefore });
    else if (owner.kind !== 'known') unowned.push({ line, refusal: refusedOwner(owner) });
    else attributed.push({ line, draft: draftOf(line, owner.employeeId, device) });
  }
  return { attributed, unowned, refused };
}

/** Whether whoever tries a line again would decide about hours of their own. A terminal is nobody. */
const isOwn = (owner: Owner, { actor }: WriteContext): boolean =>
  actor.fourEyes.ownPunches && owner.kind === 'known' && owner.employeeId === actor.userId;

const refusedOwn = { reason: 'self_approval', detail: 'The line is about whoever tried it again: another must.' };

/** Stands with its first reason already; that it is sent once more makes no punch of it. */
const heldBefore = { reason: 'clock_behind', detail: 'The line waits for an operator, or was dismissed.' };

const refusedOwner = ({ kind }: Exclude<Owner, { kind: 'known' }>) => ({
  reason: kind,
  detail:
    kind === 'pin_unknown'
      ? 'Nobody has this PIN, nor this employee number. Bind the PIN to a person, and try the line again.'
      : 'Several employee numbers differ from this PIN in leading zeros only. Bind the PIN to a person, and try the line again.',
});

function draftOf({ at, type, offsetMinutes }: ReportedLine, employeeId: string, device: Device): PunchDraft {
  return {
    employeeId,
    type,
    occurredAt: at,
    deviceOffsetMinutes: offsetMinutes,
    source: 'terminal',
    deviceId: device.id,
  };
}
