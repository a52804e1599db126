import { Injectable } from '@nestjs/common';
import type { Principal } from '../../../auth/principal';
import { Problem } from '../../../http/problems/problem';
import { EditedResourceService } from '../../../writes/edited-resource.service';
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
export class ProfilesService extends EditedResourceService<
  ImportProfile,
  StoredProfile,
  ImportProfileBody,
  ImportProfileQuery
> {
  constructor(private readonly profiles: ProfilesRepository) {
    const path = '/api/attendance/import/profiles';
    super(profiles, { entity: 'import_profile', path, order: builtInFirst, valuesOf, toResponse, toAudit });
  }

  /** With the built-in ones, which the database does not hold. */
  listAll({ tenantId }: Principal, query: ImportProfileQuery) {
    const scope = { tenantId, route: 'import profiles', filters: {} };
    return this.cursors.page(scope, query, builtInFirst, async ({ after: [isStored, name = ''], limit }) => {
      const behind = isStored === 1 ? [] : builtInProfiles.filter((profile) => profile.name > String(name));
      const bounds = { after: [isStored === 1 ? name : ''], limit };
      const stored = await this.work.read(tenantId, (tx) => this.profiles.page(tx, query, bounds));
      return [...behind, ...stored.map(toResponse)];
    });
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
