/** How well a media range fits: 2 for the type itself, 1 for its family, 0 for anything, -1 for not at all. */
function precision(range: string, type: string): number {
  if (range === type) return 2;
  if (range === `${type.split('/', 1)[0] ?? ''}/*`) return 1;
  return range === '*/*' ? 0 : -1;
}

/**
 * Whether a caller with this Accept header takes at least one of the types. The most precise range decides, and `q=0` on it
 * means no. Most callers send nothing, everything or plain JSON, so those never reach the parsing.
 */
export function accepts(accept: string | undefined, types: readonly string[]): boolean {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === types[0]) return true;
  const ranges = accept.split(',').map((item) => {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { range, refused: quality !== undefined && !(Number(quality) > 0) };
  });
  return types.some((type) => {
    let best = { precision: -1, refused: true };
    for (const { range, refused } of ranges) {
      const found = precision(range, type);
      if (found > best.precision) best = { precision: found, refused };
    }
    return !best.refused;
  });
}
