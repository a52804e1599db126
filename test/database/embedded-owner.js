// Starts the embedded PostgreSQL as a process of its own, so that a test can kill its owner. Compiles on the fly.
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  const { code } = transformFileSync(file, {
    swcrc: false,
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  module._compile(code, file);
};

const { startEmbeddedPostgres } = require('../../src/database/embedded/embedded-postgres');

process.on('SIGTERM', () => process.exit(0));
// Open as long as the test lives: a test run that is cut off leaves no process behind.
process.stdin.on('end', () => process.exit(0)).resume();
startEmbeddedPostgres({ dataDir: process.argv[2], durable: false, log: () => undefined }).then(
  () => console.log('ready'),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
