const { spawnSync } = require('node:child_process');

// NestJS 12 publishes ES modules only. Node 20 can require() them; Jest cannot,
// so Jest compiles those packages to CommonJS as it loads them.
const esmPackages = ['@nestjs', 'load-esm', 'jose', 'lru-cache', 'content-disposition', 'cookie'];

// Kinds of files that are named after what npm does not bring: a program, which `.ci/run` installs, or the rights of root.
const there = {
  pgbouncer: spawnSync('pgbouncer', ['--version']).status === 0,
  redis: spawnSync('redis-server', ['--version']).status === 0,
  root: process.geteuid?.() === 0,
};
const leftOut = Object.keys(there).filter((kind) => !there[kind]);
for (const kind of leftOut)
  process.stderr.write(`left out, since there is no ${kind} here: test/**/*.${kind}-spec.ts\n`);

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
  testPathIgnorePatterns: ['/node_modules/', ...leftOut.map((kind) => `\\.${kind}-spec\\.ts$`)],
  globals: { leftOut },
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

module.exports = {
  maxWorkers: 2, // more parts at once cost each other processor time: 588 s of it with four, 501 s with two, in the same 5 minutes
  workerGracefulExitTimeout: 10_000, // nothing stays open, but a process that has run a third of the tests takes more than 500 ms to free its memory
  testTimeout: 180_000, // for a machine at a quarter of the speed: no test measures time
  projects: [
    {
      ...project,
      displayName: 'unit',
      testMatch: named
        ? ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.{unit,root}-spec.ts']
        : ['<rootDir>/test/together/unit.ts'],
    },
    {
      ...project,
      ...database,
      displayName: 'e2e',
      testMatch: named
        ? ['e2e', 'db', 'pgbouncer', 'redis', 'drill'].map((kind) => `<rootDir>/test/**/*.${kind}-spec.ts`)
        : ['<rootDir>/test/together/e2e-*.ts'],
    },
  ],
};
