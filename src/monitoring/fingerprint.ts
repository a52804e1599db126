/** What is read of a text, and what is told of it. */
const READ = 10_000;
const TOLD = 1000;

/**
 * The parts of SQL, so that no literal is mistaken for something else. Each begins where the last one ended and none looks back, so
 * the work grows with the text and no faster; what is cut off in the middle is a literal to the end.
 */
const parts = new RegExp(
  [
    String.raw`(?<space>\s+|--[^\n]*|/\*[\s\S]*?(?:\*/|$))`,
    String.raw`(?<literal>[eE]'(?:\\[\s\S]?|''|[^'\\])*(?:'|$)|(?:[bBxXnN]|[uU]&)?'(?:''|[^'])*(?:'|$)` +
      String.raw`|\$(?<tag>(?:[A-Za-z_]\w*)?)\$[\s\S]*?(?:\$\k<tag>\$|$)|\$\d+|0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*\.?|\.\d)[\d_]*(?:[eE][+-]?\d+)?)`,
    String.raw`(?<word>"(?:""|[^"])*(?:"|$)|[\p{L}_][\p{L}\p{N}_$]*)`,
    String.raw`[\s\S]`,
  ].join('|'),
  'gu',
);

/**
 * The shape of a statement: literals and parameters become `?`, lists of them one, comments and white space a blank. Whoever reads it learns
 * what was asked, and nothing of whom or what it was asked about. At most 1,000 characters.
 */
export function fingerprint(sql: string): string {
  const bare = sql.slice(0, READ).replaceAll(parts, (part, ...rest) => {
    const { space, literal } = rest.at(-1) as Record<string, string | undefined>;
    return space !== undefined ? ' ' : literal !== undefined ? '?' : part;
  });
  const shape = bare
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/\?(?: ?, ?\?)+/g, '?')
    .trim();
  return shape.length > TOLD ? `${shape.slice(0, TOLD - 1)}…` : shape;
}
