const { spawnSync } = require('node:child_process');

// NestJS 12 publishes ES modules only. Node 20 can require() them; Jest cannot,
// so Jest compiles those packages to CommonJS as it loads them.
const esmPackages = ['@nestjs', 'load-esm', 'jose', 'lru-cache', 'content-disposition', 'cookie'];

const toCommonJs = (parser, transform = {}) => [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    jsc: { target: 'es2022', keepClassNames: true, parser, transform },
    module: { type: 'commonjs' },
  },
];

/** @type {import('jest').Config} */
const project = {
  rootDir: __dirname,
  testEnvironment: 'node',
  clearMocks: true,
  transform: {
    '^.+\\.ts$': toCommonJs(
      { syntax: 'typescript', decorators: true },
      { legacyDecorator: true, decoratorMetadata: true },
    ),
    '/node_modules/.+\\.js$': toCommonJs({ syntax: 'ecmascript' }),
  },
  moduleNameMapper: { '^\\./worker-file$': '<rootDir>/test/support/worker-file.ts' },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmPackages.join('|')})/)`],
};

const database = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

// Whoever names files gets them one by one; all of it runs them together in a few large parts (test/together), without the drills.
const named = process.argv.slice(2).some((argument) => !argument.startsWith('-'));

// A kind of file that is named after a program which npm does not bring is run where that program runs; `.ci/run` installs it.
const programs = ['pgbouncer'].filter((program) => {
  const runs = spawnSync(program, ['--version']).status === 0;
  if (!runs) process.stderr.write(`left out, since ${program} does not run here: test/**/*.${program}-spec.ts\n`);
  return runs;
});

module.exports = {
  maxWorkers: 2,
  testTimeout: 180_000, // for a machine at a quarter of the speed: no test measures time
  projects: [
    {
      ...project,
      displayName: 'unit',
      testMatch: named
        ? ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.unit-spec.ts']
        : ['<rootDir>/test/together/unit.ts'],
    },
    {
      ...project,
      ...database,
      displayName: 'e2e',
      globals: { programs },
      testMatch: named
        ? ['e2e', 'db', 'drill', ...programs].map((kind) => `<rootDir>/test/**/*.${kind}-spec.ts`)
        : ['<rootDir>/test/together/e2e-*.ts'],
    },
  ],
};
