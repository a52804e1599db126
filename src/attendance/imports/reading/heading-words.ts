/** The words of a table that is written as a text. */
export const words = (text: string): readonly string[] => text.split(/\s+/);

/** `Arrivée` as `Arrivee`: many programs write headings without accents. Letters and their accents stay apart (NFKD). */
export const withoutAccents = (text: string): string => text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');

/** The words of a heading, in small letters without accents: `OvertimeIn1` and `Überstunden (h)` as well. */
export const headingWords = (heading: string): readonly string[] =>
  withoutAccents(heading)
    .normalize('NFKC')
    .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
    .toLowerCase()
    .match(/\p{L}+|\p{N}+/gu) ?? [];
