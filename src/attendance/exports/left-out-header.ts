import type { LeftOut } from './layouts/layout-lines';

/** Proxies refuse answers whose headers are long, and a tenant may have any number of premiums. */
const MOST_BYTES = 1_000;

/** What of the names of premiums a header may not hold is escaped as in an address, so that a character is a byte. */
const entryOf = ({ line, source, rate, minutes }: LeftOut) =>
  `${encodeURIComponent(source).replaceAll('%3A', ':')}@${rate}=${minutes}${line === 'total' ? '' : ';adjustment'}`;

/**
 * The value of `X-Left-Out-Minutes`: `source@rate=minutes` of each kind of minutes, as many of the first as 1,000 bytes hold, and
 * `others=n` where there are n more. The job that makes the same file tells all of them.
 */
export function leftOutHeader(leftOut: readonly LeftOut[]): string {
  const shown: string[] = [];
  let bytes = 0;
  for (const entry of leftOut.map(entryOf)) {
    bytes += entry.length + ', '.length;
    if (bytes > MOST_BYTES) break;
    shown.push(entry);
  }
  const others = leftOut.length - shown.length;
  return [...shown, ...(others > 0 ? [`others=${others}`] : [])].join(', ');
}
