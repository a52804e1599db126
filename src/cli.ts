#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { FlagError, generateFlags, generateUsage, optionsOf } from './tools/generate/command';
import { write } from './tools/generate/write';
import { ConfigError, EXIT_CONFIG } from './config/config';

const usage = `rollcall <command>

  migrate [--down]        bring the database to this build, or one migration back
  demo                    make the demo tenants and people
  token --email A [--tenant T]
                          print an access token for somebody, without their password (needs the signing key)
  openapi [--out FILE]    print the OpenAPI document
  keys                    print a fresh signing key for AUTH_SIGNING_KEYS
  preflight               check whether a server with these settings can start: one line each, and the remedy
  retention [--dry-run]   delete now what has expired, or say what would be; a line for each policy
  days --tenant T --from D --to D
                          compute the work days of a span anew from the punches; says what changed (nothing should)
${generateUsage}
Settings come from the environment; see .env.example.
`;

/** Loaded only by who needs it: a command that makes a key or a file starts in a tenth of the application's time. */
const commands = () => import('./commands.js');

/** The operator's command. Exit codes: 0 done, 1 failed, 2 used wrongly, 78 configuration. */
async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      down: { type: 'boolean', default: false },
      'dry-run': { type: 'boolean', default: false },
      email: { type: 'string' },
      tenant: { type: 'string' },
      out: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      ...generateFlags,
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command] = positionals;
  const { email, tenant, out, from, to } = values;
  if (values.help || command === undefined) return say(usage, values.help ? 0 : 2);
  switch (command) {
    case 'keys': {
      const { newSigningKey } = await import('./auth/signing-keys.js');
      return say(`${JSON.stringify([await newSigningKey()])}\n`);
    }
    case 'generate':
      return generate(values);
    case 'preflight':
      return preflight();
    case 'migrate':
      return say(await (await commands()).bringUpToDate(values.down ? 'down' : 'up'));
    case 'demo':
      return say(await (await commands()).makeDemo());
    case 'token':
      return email === undefined ? say(usage, 2) : say(await (await commands()).issueToken(email, tenant));
    case 'openapi':
      return say(await (await commands()).describeApi(out));
    case 'days':
      if (tenant === undefined || from === undefined || to === undefined) return say(usage, 2);
      return say(await (await commands()).rebuildDays(tenant, from, to));
    case 'retention': {
      const { ok, text } = await (await commands()).retain(values['dry-run']);
      return say(text, ok ? 0 : 1);
    }
    default:
      return say(`There is no command "${command}".\n\n${usage}`, 2);
  }
}

async function preflight(): Promise<number> {
  const checks = await (await import('./tools/preflight/preflight.js')).preflight();
  for (const { name, finding, remedy } of checks)
    process.stdout.write(
      remedy === undefined ? `ok     ${name}: ${finding}\n` : `FAILED ${name}: ${finding}. Do this: ${remedy}\n`,
    );
  return checks.some(({ remedy }) => remedy !== undefined) ? 1 : 0;
}

type Flags = Readonly<Partial<Record<'tenant' | 'out' | 'from' | keyof typeof generateFlags, string | boolean>>>;

/** Needs neither settings nor a database, unless it makes the people as well. */
async function generate(values: Flags): Promise<number> {
  const text = (name: keyof Flags) => (typeof values[name] === 'string' ? values[name] : undefined);
  const [out, tenant] = [text('out'), text('tenant')];
  const options = optionsOf(values);
  if (tenant !== undefined) {
    const made = await (await commands()).makePeople(tenant, options);
    process.stderr.write(`${made} of ${options.people} people made.\n`);
  }
  const files = { truth: text('truth'), people: text('people-file'), truthDays: values['truth-days'] === true };
  const written = await write(options, { out, ...files, fallback: process.stdout });
  if (out === undefined) return 0;
  return say(
    `${written.rows} rows, ${written.bytes} bytes; to be created: ${written.expected.create} punches, to be rejected: ${written.expected.reject} rows.\n`,
  );
}

function say(text: string, code = 0): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof ConfigError ? EXIT_CONFIG : error instanceof FlagError ? 2 : 1;
  },
);
