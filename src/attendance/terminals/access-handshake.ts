import { createHash } from 'node:crypto';
import { accessTime } from './access-lines';
import type { Device } from './device';

type Named = Pick<Device, 'id'>;

/** What a terminal of the push protocol for access control is registered under; its own, and no secret: nothing is opened by it. */
export const registryCode = ({ id }: Named): string =>
  `RegistryCode=${createHash('sha256').update(id).digest('hex').slice(0, 16)}`;

/** How such a terminal is to call, and what of: the events at its doors, none of its users. */
export const accessOptions = (device: Named): string =>
  [
    'registry=ok',
    registryCode(device),
    'ServerVersion=3.1.1',
    'ServerName=ADMS',
    'PushProtVer=3.1.1',
    'ErrorDelay=60',
    'RequestDelay=30',
    'TransTimes=00:00;14:00',
    'TransInterval=1',
    'TransTables=Transaction',
    'Realtime=1',
    'TimeoutSec=30',
  ]
    .map((option) => `${option}\r\n`)
    .join('');

/** The time of now by UTC, and the offset of its zone, as in `ServerTZ=+0530`. */
export function accessClock(now: Date, offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  const two = (value: number) => String(value).padStart(2, '0');
  const offset = `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
  return `DateTime=${accessTime(now)},ServerTZ=${offset}`;
}
