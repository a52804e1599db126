import { spawnSync } from 'node:child_process';

/**
 * `it` for tests that need a program npm does not bring. `.ci/run` installs it; where it is missing, they are reported as skipped, by name.
 */
export const itWith = (program: string): jest.It => (spawnSync(program, ['--version']).status === 0 ? it : it.skip);
