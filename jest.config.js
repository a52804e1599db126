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
  transformIgnorePatterns: [`/node_modules/(?!(?:${esmPackages.join('|')})/)`],
};

module.exports = {
  maxWorkers: 2,
  testTimeout: 30_000,
  projects: [
    { ...project, displayName: 'unit', testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.unit-spec.ts'] },
    {
      ...project,
      displayName: 'e2e',
      testMatch: ['<rootDir>/test/**/*.e2e-spec.ts', '<rootDir>/test/**/*.db-spec.ts'],
      globalSetup: '<rootDir>/test/support/global-setup.ts',
      globalTeardown: '<rootDir>/test/support/global-teardown.ts',
    },
  ],
};
