// Prints .env.example from the schema of the configuration. `node scripts/env-example.js > .env.example` after a build.
const { environment } = require('../dist/config/config.schema');

const lines = [
  '# Settings of Rollcall: every variable, what it means, and its default. Printed by scripts/env-example.js.',
];
for (const [name, schema] of Object.entries(environment.shape)) {
  const parsed = schema.safeParse(undefined);
  const value = parsed.success && parsed.data !== undefined ? parsed.data : '';
  const shown =
    value === true ? 'on' : value === false ? 'off' : Array.isArray(value) ? value.join(',') : String(value);
  lines.push('', `# ${schema.description}`, `#${name}=${shown}`);
}
process.stdout.write(`${lines.join('\n')}\n`);
