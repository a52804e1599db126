import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { Zone, zoneNamed } from '../rules/time/zone';

/** Two a year are usual. A terminal that gets more within the time of its backlog is being moved about. */
const MOST = 100;

const history = statement(
  'terminals.offsets',
  `SELECT o.told_at AS "announcedAt", o.offset_minutes AS "offsetMinutes", o.confirmed_at AS "confirmedAt" FROM device_offsets o
   WHERE o.tenant_id = $1 AND o.device_id = $2 ORDER BY o.told_at`,
);
const confirm = statement(
  'terminals.offset_confirmed',
  `UPDATE device_offsets o SET confirmed_at = now() WHERE o.tenant_id = $1 AND o.device_id = $2 AND o.offset_minutes = $3
     AND o.told_at = (SELECT max(l.told_at) FROM device_offsets l WHERE l.tenant_id = $1 AND l.device_id = $2)`,
);
const insert = statement(
  'terminals.offset_told',
  'INSERT INTO device_offsets (tenant_id, device_id, offset_minutes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
);
const forget = statement(
  'terminals.offsets_forgotten',
  `DELETE FROM device_offsets o WHERE o.tenant_id = $1 AND o.device_id = $2 AND o.told_at <
     (SELECT l.told_at FROM device_offsets l WHERE l.tenant_id = $1 AND l.device_id = $2 ORDER BY l.told_at DESC OFFSET ${MOST} LIMIT 1)`,
);

/** An offset that was announced to a terminal, from when on, and when it was last confirmed. */
export interface AnnouncedOffset extends Record<string, unknown> {
  readonly announcedAt: Date;
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
  readonly confirmedAt: Date;
}

/** The UTC offsets that were announced to terminals. */
@Injectable()
export class AnnouncedOffsets {
  /** The oldest first. */
  of(tx: Transaction, tenantId: string, deviceId: string): Promise<AnnouncedOffset[]> {
    return tx.rows<AnnouncedOffset>(history, [tenantId, deviceId]);
  }

  /** Before the answer to a sign-on goes out: from now on this is what the terminal shows. */
  async announced(tx: Transaction, tenantId: string, deviceId: string, offsetMinutes: number): Promise<void> {
    if ((await tx.run(confirm, [tenantId, deviceId, offsetMinutes])) > 0) return;
    await tx.run(insert, [tenantId, deviceId, offsetMinutes]);
    await tx.run(forget, [tenantId, deviceId]);
  }
}

/**
 * What the clock of a terminal shows: from each sign-on the offset that was announced then, before the first one that of its zone. So
 * what is stamped between a change of the clock and the next sign-on is read by the offset from before the change.
 */
export function shownBy(timeZone: string, offsets: readonly AnnouncedOffset[]): Zone {
  const zone = zoneNamed(timeZone);
  if (offsets.length === 0) return zone;
  const steps = offsets.map(({ announcedAt, offsetMinutes }) => ({
    from: announcedAt.getTime() / 1000,
    offset: offsetMinutes * 60,
  }));
  return new Zone(`${timeZone} as announced`, (instant) => {
    const step = steps.findLast(({ from }) => instant >= from);
    return step ? step.offset : zone.offsetAt(instant);
  });
}

const HOUR_MS = 3_600_000;
/** How long a terminal of which no sign-on is on record is asked for one after a change of the clock. */
const AFTER_CHANGE_MS = 7 * 24 * HOUR_MS;

/**
 * Whether a terminal is to sign on anew, so that it hears its offset: where that is no longer the announced one, once within the hour before a
 * change of the clock (whoever obeys then will also obey behind it), and where lines of it have been held since because of its clock.
 */
export function isSignOnDue(
  { timeZone, clockDoubtedAt }: { readonly timeZone: string; readonly clockDoubtedAt?: Date },
  last: AnnouncedOffset | undefined,
  now: Date,
): boolean {
  const offsetIn = (ms: number) => zoneNamed(timeZone).offsetAt(Math.floor((now.getTime() + ms) / 1000));
  const offset = offsetIn(0);
  if (clockDoubtedAt && (!last || last.confirmedAt < clockDoubtedAt)) return true;
  if (!last) return offset !== offsetIn(-AFTER_CHANGE_MS);
  if (last.offsetMinutes * 60 !== offset) return true;
  return offset !== offsetIn(HOUR_MS) && last.confirmedAt.getTime() < now.getTime() - HOUR_MS;
}
