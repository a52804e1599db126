/** Arguments of `refine` for two names of one thing: a body or a query says it by one of them. The fault is reported at `other`. */
export function notBoth<One extends string, Other extends string>(
  one: One,
  other: Other,
): [
  isEither: (body: { readonly [Name in One | Other]?: unknown }) => boolean,
  fault: { path: string[]; message: string },
] {
  return [
    (body) => body[one] === undefined || body[other] === undefined,
    { path: [other], message: `cannot stand beside ${one}: send one of them` },
  ];
}
