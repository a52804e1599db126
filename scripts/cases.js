// Runs attendance cases against the program that `tsc -p tsconfig.cases.json` has compiled; that one looks for its own description and
// for the migrations beside itself.
const { symlinkSync } = require('node:fs');
const path = require('node:path');

const root = path.resolve(__dirname, '..');
const compiled = path.join(root, 'node_modules', '.cache', 'rollcall-cases');
for (const beside of ['migrations', 'package.json']) {
  try {
    symlinkSync(path.join(root, beside), path.join(compiled, beside));
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
}
require(path.join(compiled, 'test', 'rules', 'cases', 'run.js'));
