import { readFileSync } from 'node:fs';
import path from 'node:path';
import { environment } from '../../src/config/config.schema';

/** A default as one would write it into the file. */
function shown(value: string | number | boolean | object | undefined): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(',') : typeof value === 'object' ? JSON.stringify(value) : `${value ?? ''}`;
}

describe('.env.example', () => {
  const text = readFileSync(path.resolve(__dirname, '../../.env.example'), 'utf8');

  it.each(Object.entries(environment.shape))('describes %s as the schema does, with its default', (name, schema) => {
    expect(schema.description).toBeTruthy();
    expect(text).toContain(`# ${schema.description ?? ''}\n#${name}=${shown(schema.parse(undefined))}\n`);
  });

  it('names nothing else', () => {
    const named = [...text.matchAll(/^#([A-Z_0-9]+)=/gm)].map((match) => match[1]);
    expect(named).toEqual(Object.keys(environment.shape));
  });
});
