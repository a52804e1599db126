/**
 * An offset as the handshake of a terminal writes it: whole hours, or minutes where the zone is not on a whole hour.
 * `offsetMinutes` is east of Greenwich.
 */
export function handshakeZone(offsetMinutes: number): string {
  return String(offsetMinutes % 60 === 0 ? offsetMinutes / 60 : offsetMinutes);
}
