declare global {
  /** Set by jest.drills.config.js. */
  var thorough: boolean | undefined;
}

/** How often something random is tried: `count` times by `npm run drills`, a quarter of it by `npm test`, which tries others each time. */
export const runs = (count: number): number => (globalThis.thorough === true ? count : Math.ceil(count / 4));
