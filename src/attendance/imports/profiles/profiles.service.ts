import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Cursors } from '../../../http/paging/cursor';
import { Problem } from '../../../http/problems/problem';
import { ResourceService } from '../../../writes/resource.service';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { zoneNamed } from '../../rules/time/zone';
import { builtInCalled, builtInProfiles } from './built-in';
import { headingKeys, signatureOf } from './header';
import type { ImportProfile } from './profile.entity';
import type { ImportProfileBody, ImportProfileQuery } from './profile.schemas';
import { nameTaken, ProfilesRepository } from './profiles.repository';

function toResponse({ tenantId: _, headings: _keys, createdBy: _by, timeZone, ...profile }: ImportProfile) {
  return { ...profile, builtIn: false as const, timeZone: timeZone ?? undefined };
}
type StoredProfile = ReturnType<typeof toResponse>;

const toAudit = ({ name, kind, mapping, timeZone, columns }: StoredProfile) => ({
  name,
  kind,
  mapping,
  timeZone,
  columns,
});

/** In the order of the names, the built-in ones first. */
const builtInFirst = {
  first: [0, ''],
  positionOf: ({ builtIn, name }: { builtIn: boolean; name: string }) => [builtIn ? 0 : 1, name],
};

/** Stored profiles: how the files of one exporter are read, said once. */
@Injectable()
export class ProfilesService extends ResourceService<ImportProfile, StoredProfile> {
  constructor(
    writes: Writes,
    work: UnitOfWork,
    private readonly profiles: ProfilesRepository,
    cursors: Cursors,
  ) {
    const path = '/api/attendance/import/profiles';
    super(writes, work, cursors, profiles, { entity: 'import_profile', path, toResponse, toAudit });
  }

  list({ tenantId }: Principal, query: ImportProfileQuery) {
    const scope = { tenantId, route: 'import profiles', filters: {} };
    return this.cursors.page(scope, query, builtInFirst, async ({ after: [isStored, name], limit }) => {
      const behind = isStored === 1 ? [] : builtInProfiles.filter((profile) => profile.name > String(name));
      const from = isStored === 1 ? String(name) : '';
      const stored = await this.work.read(tenantId, (tx) => this.profiles.after(tx, from, limit));
      return [...behind, ...stored.map(toResponse)];
    });
  }

  create({ userId }: Principal, body: ImportProfileBody): Write {
    return this.insert({ ...valuesOf(body), createdBy: userId });
  }

  replace(id: string, body: ImportProfileBody, expectedVersion?: number): Write {
    return this.update(id, () => valuesOf(body), expectedVersion);
  }
}

function valuesOf({ name, kind, mapping, timeZone, columns: header }: ImportProfileBody) {
  if (builtInCalled(name)) throw nameTaken();
  mustBeZone('/timeZone', timeZone);
  mustBeZone('/mapping/timeZone', mapping.timeZone);
  const columns = header ?? [...new Set(Object.values(mapping.fields))];
  const known = { columns, headings: headingKeys(columns), signature: signatureOf(columns) };
  return { name, kind, mapping, timeZone: timeZone ?? null, ...known };
}

function mustBeZone(pointer: string, zone: string | undefined): void {
  try {
    if (zone !== undefined) zoneNamed(zone);
  } catch {
    throw new Problem('time_zone_unknown', `${zone} is not an IANA time zone, such as Europe/Berlin.`, {
      errors: [{ pointer, code: 'time_zone_unknown', detail: 'is not an IANA time zone' }],
    });
  }
}
