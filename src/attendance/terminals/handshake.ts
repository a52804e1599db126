import { zoneNamed } from '../rules/time/zone';
import type { Device } from './device';

/**
 * What a terminal gets when it signs on. It sets its own clock to `TimeZone`, `offsetMinutes` east of UTC, so that is the offset of its own zone
 * at this moment and never one of the server. Only attendance is asked for (the first of the TransFlags): no users, no photographs.
 */
export function handshake(device: Pick<Device, 'serialNumber' | 'lastStamp'>, offsetMinutes: number): string {
  return lines([
    `GET OPTION FROM: ${device.serialNumber}`,
    `ATTLOGStamp=${device.lastStamp ?? '0'}`,
    'OPERLOGStamp=9999',
    'ErrorDelay=60',
    'Delay=30',
    'TransTimes=00:00;14:00',
    'TransInterval=1',
    'TransFlag=1000000000',
    `TimeZone=${handshakeZone(offsetMinutes)}`,
    'Realtime=1',
    'Encrypt=None',
  ]);
}

/** Minutes east of UTC that the clock of a terminal is to show at an instant. */
export function offsetOf({ timeZone }: Pick<Device, 'timeZone'>, now: Date): number {
  return Math.round(zoneNamed(timeZone).offsetAt(Math.floor(now.getTime() / 1000)) / 60);
}

/** The command upon which a terminal signs on again at once. Its number only has to differ from the one before. */
export const signOnCommand = (now: Date): string => `C:${Math.floor(now.getTime() / 1000)}:CHECK`;

/** Whole hours, or minutes where the zone is not on a whole hour, as the firmware that knows such zones reads them. */
export function handshakeZone(minutesEast: number): string {
  return String(minutesEast % 60 === 0 ? minutesEast / 60 : minutesEast);
}

const lines = (texts: readonly string[]) => texts.map((text) => `${text}\r\n`).join('');
