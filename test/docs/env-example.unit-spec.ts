import { readFileSync } from 'node:fs';
import path from 'node:path';
import { environment } from '../../src/config/config.schema';

describe('.env.example', () => {
  const text = readFileSync(path.resolve(__dirname, '../../.env.example'), 'utf8');

  it.each(Object.entries(environment.shape))('describes %s as the schema does', (name, schema) => {
    expect(schema.description).toBeTruthy();
    expect(text).toContain(`# ${schema.description ?? ''}\n#${name}=`);
  });

  it('names nothing else', () => {
    const named = [...text.matchAll(/^#([A-Z_0-9]+)=/gm)].map((match) => match[1]);
    expect(named).toEqual(Object.keys(environment.shape));
  });
});
