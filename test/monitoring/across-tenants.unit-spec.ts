import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const src = path.resolve(__dirname, '../../src');
/** Statements whose rows may belong to any tenant, and are therefore not held against the tenant of their transaction. A new one must be argued for here. */
const known = [
  'auth.api_key_place', // a key says nothing of its tenant
  'auth.sign_in_places', // whoever signs in has said an address and no tenant
  'days.tenants_to_materialise', // a worker goes from tenant to tenant
  'days.waiting_tenants',
  'terminals.awarded', // a terminal that calls has said a serial number and no tenant
  'terminals.network_listings',
  'terminals.places',
  'terminals.serial_claims',
];

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));

it('names every statement that looks across tenants, and the queues of the workers alone make more of them', () => {
  const named = files.flatMap((text) => [...text.matchAll(/\bacrossTenants\(\s*'([\w.]+)'/g)].map(([, name]) => name));
  expect(named.sort()).toEqual(known);
  const calls = files.flatMap((text) => [...text.matchAll(/\bacrossTenants\((?!name:)/g)]);
  expect(calls).toHaveLength(known.length + 1); // the claim of src/jobs/leased-worker.ts
});
