import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(__dirname, '../../migrations');
const read = (file: string) => readFileSync(path.join(folder, file), 'utf8');
const files = readdirSync(folder)
  .filter((file) => file !== 'SHA256SUMS')
  .sort();

describe('migrations/SHA256SUMS', () => {
  /** A landed migration has run somewhere: edited, it would describe a schema that exists nowhere. What is wrong is put right by a new one. */
  it('has each migration as it landed; a new one is added with: cd migrations && sha256sum *.sql > SHA256SUMS', () => {
    const sums = files.map((file) => `${createHash('sha256').update(read(file)).digest('hex')}  ${file}`);
    expect(sums).toEqual(read('SHA256SUMS').trimEnd().split('\n'));
  });
});

describe('each migration', () => {
  it.each(files)('%s says how it is done and how it is undone, in lines that can be read', (file) => {
    const [up = '', down = '', ...more] = read(file).split('-- Down Migration\n');
    expect([file, up.startsWith('-- Up Migration\n-- '), /^[A-Z]+ .*;$/m.test(down), more]).toEqual([
      file,
      true,
      true,
      [],
    ]);
    expect(
      read(file)
        .split('\n')
        .filter((line) => line.length > 140),
    ).toEqual([]);
  });

  it.each(files)('%s protects its tables of tenants by the one function that does all of it', (file) => {
    const tables = [...read(file).matchAll(/^CREATE TABLE (\w+) \(\n {2}tenant_id /gm)].map(([, name]) => name);
    const protectedOnes = [...read(file).matchAll(/^SELECT protect_tenant_table\('(\w+)'/gm)].map(([, name]) => name);
    expect(protectedOnes.sort()).toEqual(tables.sort());
  });
});
