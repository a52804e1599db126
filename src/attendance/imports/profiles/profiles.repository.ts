import { Injectable } from '@nestjs/common';
import { refusing } from '../../../database/failures';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import { headingKeys, signatureOf } from './header';
import { type Profile, profileColumns, toProfile, type ProfileRow } from './profile';
import type { ImportProfileBody } from './profile.schemas';

const named = 'lower(p.name) COLLATE "C"';
const byId = (lock: string) =>
  `SELECT ${profileColumns} FROM import_profiles p WHERE p.tenant_id = $1 AND p.id = $2 ${lock}`;
const find = statement('imports.profile', byId(''));
const lock = statement('imports.profile_lock', byId('FOR UPDATE'));
const called = statement(
  'imports.profile_called',
  `SELECT ${profileColumns} FROM import_profiles p WHERE p.tenant_id = $1 AND (p.id::text = lower($2) OR ${named} = lower($2))
   ORDER BY (p.id::text = lower($2)) DESC LIMIT 1`,
);
const fitting = statement(
  'imports.profile_fitting',
  `SELECT ${profileColumns} FROM import_profiles p
   WHERE p.tenant_id = $1 AND (p.signature = $2 OR ($4::boolean AND p.headings <@ $3::text[]))
   ORDER BY (p.signature = $2) DESC, cardinality(p.headings) DESC, p.updated_at DESC, p.id LIMIT 1`,
);
const page = statement(
  'imports.profiles',
  `SELECT ${profileColumns} FROM import_profiles p WHERE p.tenant_id = $1 AND ${named} > lower($2) ORDER BY ${named} LIMIT $3`,
);
const insert = statement(
  'imports.profile_insert',
  `INSERT INTO import_profiles AS p (tenant_id, name, kind, mapping, time_zone, columns, headings, signature, created_by)
   VALUES ($1, $2, $3, $4::json, $5, $6::json, $7::text[], $8, $9) RETURNING ${profileColumns}`,
);
const update = statement(
  'imports.profile_update',
  `UPDATE import_profiles AS p SET name = $3, kind = $4, mapping = $5::json, time_zone = $6, columns = $7::json, headings = $8::text[],
     signature = $9, version = version + 1, updated_at = now()
   WHERE p.tenant_id = $1 AND p.id = $2 RETURNING ${profileColumns}`,
);
const remove = statement('imports.profile_delete', 'DELETE FROM import_profiles WHERE tenant_id = $1 AND id = $2');

/** Reads and changes the stored profiles of one tenant. */
@Injectable()
export class ProfilesRepository {
  async find(tx: Transaction, id: string): Promise<Profile | undefined> {
    return read(await tx.row<ProfileRow>(find, [tx.tenantId, id]));
  }

  async lock(tx: Transaction, id: string): Promise<Profile | undefined> {
    return read(await tx.row<ProfileRow>(lock, [tx.tenantId, id]));
  }

  /** By its id or its name; where one is named like the id of another, the id is meant. */
  async called(tx: Transaction, idOrName: string): Promise<Profile | undefined> {
    return read(await tx.row<ProfileRow>(called, [tx.tenantId, idOrName]));
  }

  /**
   * The profile that a file with this header is most likely of: one for exactly these headings, else (where `isNamed`, the columns
   * have names of their own) the one with the most headings that are all there, because exports gain columns over the years.
   */
  async fitting(tx: Transaction, columns: readonly string[], isNamed: boolean): Promise<Profile | undefined> {
    const values = [tx.tenantId, signatureOf(columns), headingKeys(columns), isNamed];
    return read(await tx.row<ProfileRow>(fitting, values));
  }

  /** In the order of the names, from behind `after`. */
  async page(tx: Transaction, after: string, limit: number): Promise<Profile[]> {
    return (await tx.rows<ProfileRow>(page, [tx.tenantId, after, limit])).map(toProfile);
  }

  async insert(tx: Transaction, body: ImportProfileBody, by: string): Promise<Profile> {
    return present(await refusing(tx.row<ProfileRow>(insert, [tx.tenantId, ...valuesOf(body), by]), taken));
  }

  async update(tx: Transaction, id: string, body: ImportProfileBody): Promise<Profile> {
    return present(await refusing(tx.row<ProfileRow>(update, [tx.tenantId, id, ...valuesOf(body)]), taken));
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, [tx.tenantId, id]);
  }
}

function valuesOf({ name, kind, mapping, timeZone, columns }: ImportProfileBody): unknown[] {
  const header = columns ?? [...new Set(Object.values(mapping.fields))];
  const [asTold, asHeader] = [JSON.stringify(mapping), JSON.stringify(header)];
  return [name, kind, asTold, timeZone ?? null, asHeader, headingKeys(header), signatureOf(header)];
}

const read = (row: ProfileRow | undefined) => row && toProfile(row);

function present(row: ProfileRow | undefined): Profile {
  if (!row) throw new Error('A profile disappeared under its lock');
  return toProfile(row);
}

export function nameTaken(): Problem {
  return new Problem('conflict', 'A profile has this name already. Choose another one, or change that profile.', {
    errors: [{ pointer: '/name', code: 'conflict', detail: 'is taken; built-in profiles have names too' }],
  });
}

const taken = { import_profiles_name_unique: nameTaken };
