import fc from 'fast-check';

/** Text of any characters but lone surrogates, which no transport carries. The library's own needs half a second to get ready. */
export const anyText = ({ maxLength = 10 } = {}): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.integer({ min: 0, max: 0x7f }),
        fc.integer({ min: 0, max: 0xd7ff }),
        fc.integer({ min: 0xe000, max: 0x10ffff }),
      ),
      { maxLength },
    )
    .map((points) => String.fromCodePoint(...points));
