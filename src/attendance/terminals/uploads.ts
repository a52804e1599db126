import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../database/unit-of-work';
import { Problem } from '../../http/problems/problem';
import { encodeAnswer } from '../../writes/sent-answer';
import type { WriteContext } from '../../writes/write';
import type { PunchDecision } from '../punches/decide';
import { PunchRecorder } from '../punches/recorder';
import type { RejectedLine, ReportedLine } from './attlog-lines';
import { type ClockDoubt, clockDoubts } from './clock-check';
import type { Device } from './device';
import { DeviceHealth, type Upload } from './device-health';
import { knownLines } from './known-lines';
import { type Attributed, attributeLines } from './line-attribution';
import { PinOwners } from './pin-owners';
import { RejectsRepository } from './rejects.repository';
import { AnnouncedOffsets } from './announced-offsets';
import { readUpload } from './upload-lines';

/** Lines that are recorded in one transaction; a group of the recorder holds no more. */
const AT_ONCE = 500;

/** What has become of the lines so far. `settled`: a punch stands for them, of now or of before. */
interface LineCounts {
  readonly settled: ReportedLine[];
  duplicate: number;
  readonly rejected: RejectedLine[];
}

/** What became of the lines of an upload. Together they are all of them. */
interface Uploaded {
  readonly recorded: number;
  readonly duplicate: number;
  readonly rejected: number;
}

/**
 * Records what a terminal has to tell, through the one path of punches. When it resolves, every line is either a committed punch or
 * a committed reject; when it throws, the terminal must send all of it again, and what was recorded of it before is recognised.
 */
@Injectable()
export class Uploads {
  constructor(
    private readonly work: UnitOfWork,
    private readonly recorder: PunchRecorder,
    private readonly owners: PinOwners,
    private readonly rejects: RejectsRepository,
    private readonly health: DeviceHealth,
    private readonly offsets: AnnouncedOffsets,
  ) {}

  /**
   * `upload`: it comes from the terminal itself at this moment, and says how it is. Without it somebody tries lines again: those about
   * themselves are left for another, and 403 `self_approval` if there are no others.
   */
  async record(context: WriteContext, device: Device, lines: readonly string[], upload?: Upload): Promise<Uploaded> {
    const { tenantId } = context;
    const offsets = await this.work.read(tenantId, (tx) => this.offsets.of(tx, tenantId, device.id));
    const when = { now: upload?.now ?? new Date(), live: upload !== undefined };
    const { lines: read, rejected: unread } = readUpload(lines, device, offsets, when);
    const [ownerOf, held] = await this.work.read(tenantId, (tx) =>
      Promise.all([
        this.owners.of(tx, tenantId, device.id, read),
        upload ? this.rejects.held(tx, tenantId, device.id, read) : [],
      ]),
    );
    const { attributed, unowned, refused } = attributeLines(read, ownerOf, new Set(held), context, device);
    const own = refused.filter(({ reason }) => reason === 'self_approval').length;
    if (own > 0 && own === lines.length) throw ownLines();
    const onRecord = await this.onRecord(tenantId, device.id, attributed);
    const doubts = upload ? clockDoubts(read, device, upload.now, onRecord) : new Map<ReportedLine, ClockDoubt>();
    const fresh = attributed.filter(({ line }) => !onRecord.has(line));
    const doubted = [...unowned, ...fresh].map(({ line }) => line).filter((line) => doubts.has(line));
    const tally: LineCounts = {
      settled: [...onRecord],
      duplicate: onRecord.size,
      rejected: [
        ...unread,
        ...refused,
        ...unowned.map(({ line, refusal }) => ({ text: line.text, ...(doubts.get(line) ?? refusal) })),
      ],
    };
    const trusted: Attributed[] = [];
    for (const each of fresh) {
      const doubt = doubts.get(each.line);
      if (doubt) tally.rejected.push({ text: each.line.text, ...doubt });
      else trusted.push(each);
    }
    for (let from = 0; from < trusted.length; from += AT_ONCE)
      await this.recordPart(context, device, trusted.slice(from, from + AT_ONCE), tally);
    const { settled, duplicate, rejected } = tally;
    await this.work.write(tenantId, async (tx) => {
      await Promise.all([
        this.rejects.settle(tx, tenantId, device.id, settled, rejected),
        upload && read.length > 0 && this.health.received(tx, tenantId, device.id, read, new Set(doubted), upload),
      ]);
    });
    return { recorded: settled.length - duplicate, duplicate, rejected: rejected.length };
  }

  /** One transaction's worth of lines that are not on record. */
  private async recordPart(
    context: WriteContext,
    device: Device,
    part: readonly Attributed[],
    tally: LineCounts,
  ): Promise<void> {
    const decisions = await this.decide(context, device, part);
    for (const [index, { line }] of part.entries()) {
      const decision = decisions[index];
      if (!decision) throw new Error('A line of a terminal was left undecided');
      if (decision.kind === 'refused') tally.rejected.push({ text: line.text, ...refusedPunch(decision) });
      else tally.settled.push(line);
      if (decision.kind === 'duplicate') tally.duplicate += 1;
    }
  }

  /** Which lines are punches already: what is on record is no matter of the clock. */
  private async onRecord(tenantId: string, deviceId: string, sent: readonly Attributed[]): Promise<Set<ReportedLine>> {
    const found = new Set<ReportedLine>();
    for (let from = 0; from < sent.length; from += AT_ONCE) {
      const part = sent.slice(from, from + AT_ONCE);
      const lines = part.map(({ line, draft }) => ({ ...line, employeeId: draft.employeeId }));
      const known = await this.work.read(tenantId, (tx) => knownLines(tx, tenantId, deviceId, lines));
      for (const [index, { line }] of part.entries()) if (known.has(index)) found.add(line);
    }
    return found;
  }

  private async decide(
    context: WriteContext,
    device: Device,
    part: readonly Attributed[],
  ): Promise<readonly PunchDecision[]> {
    let decisions: readonly PunchDecision[] = [];
    const write = this.recorder.record({
      ...(context.actor.userId === device.id ? { reporters: [device.createdBy, ...device.secretHolders] } : {}),
      drafts: part.map(({ draft }) => draft),
      answer: (decided) => {
        decisions = decided;
        return encodeAnswer({ status: 200 });
      },
    });
    await write.perform(context);
    return decisions;
  }
}

const ownLines = () =>
  new Problem(
    'self_approval',
    'These lines are about yourself. Another administrator tries them again, or enters them.',
  );

const refusedPunch = ({ problem }: Extract<PunchDecision, { kind: 'refused' }>) => ({
  reason: problem.code,
  detail: problem.detail,
});
