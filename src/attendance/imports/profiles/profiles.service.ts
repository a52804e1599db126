import { Injectable } from '@nestjs/common';
import type { AuditEntry } from '../../../audit/entry';
import type { Principal } from '../../../auth/principal';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Cursors } from '../../../http/paging/cursor';
import { mustBeVersion } from '../../../http/input/if-match';
import { notFound, Problem } from '../../../http/problems/problem';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import { zoneNamed } from '../../rules/time/zone';
import { builtInCalled, builtInProfiles } from './built-in';
import type { Profile } from './profile';
import type { ImportProfileBody, ImportProfileQuery } from './profile.schemas';
import { nameTaken, ProfilesRepository } from './profiles.repository';

/** Stored profiles: how the files of one exporter are read, said once. */
@Injectable()
export class ProfilesService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly profiles: ProfilesRepository,
    private readonly cursors: Cursors,
  ) {}

  /** Built-in ones first, then those of the tenant, each in the order of their names. */
  async page(by: Principal, { limit, cursor }: ImportProfileQuery) {
    const scope = { tenantId: by.tenantId, route: 'import profiles', filters: {} };
    const [isStored, after] = cursor === undefined ? [0, ''] : this.cursors.decode(scope, cursor);
    const builtIn = Number(isStored) === 1 ? [] : builtInProfiles.filter(({ name }) => name > String(after));
    const from = Number(isStored) === 1 ? String(after) : '';
    const stored = await this.work.read(by.tenantId, (tx) => this.profiles.page(tx, from, limit + 1));
    const found = [...builtIn, ...stored];
    const data = found.slice(0, limit);
    const last = data.at(-1);
    if (!last || found.length <= limit) return { data };
    return { data, nextCursor: this.cursors.encode(scope, [last.builtIn ? 0 : 1, last.name]) };
  }

  async get(by: Principal, id: string): Promise<Profile> {
    const profile = await this.work.read(by.tenantId, (tx) => this.profiles.find(tx, id));
    if (!profile) throw notFound('import profile');
    return profile;
  }

  create(by: Principal, body: ImportProfileBody): Write {
    mustBeUsable(body);
    return this.writes.change(async (tx) => {
      const profile = await this.profiles.insert(tx, body, by.userId);
      const location = `/api/attendance/import/profiles/${profile.id}`;
      return {
        answer: { status: 201, body: profile, location, version: profile.version },
        audit: [entry('create', profile.id, undefined, profile)],
      };
    });
  }

  replace(_by: Principal, id: string, body: ImportProfileBody, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, id, expectedVersion);
      mustBeUsable(body);
      const after = await this.profiles.update(tx, id, body);
      return {
        answer: { status: 200, body: after, version: after.version },
        audit: [entry('update', id, before, after)],
      };
    });
  }

  remove(_by: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.locked(tx, id, expectedVersion);
      await this.profiles.remove(tx, id);
      return { answer: { status: 200, body: before }, audit: [entry('delete', id, before)] };
    });
  }

  private async locked(tx: Transaction, id: string, expectedVersion?: number): Promise<Profile> {
    const profile = await this.profiles.lock(tx, id);
    if (!profile) throw notFound('import profile');
    mustBeVersion('this profile', profile.version, expectedVersion);
    return profile;
  }
}

function mustBeUsable({ name, timeZone, mapping }: ImportProfileBody): void {
  if (builtInCalled(name)) throw nameTaken();
  for (const [pointer, zone] of [
    ['/timeZone', timeZone],
    ['/mapping/timeZone', mapping.timeZone],
  ] as const) {
    if (zone === undefined) continue;
    try {
      zoneNamed(zone);
    } catch {
      throw new Problem('time_zone_unknown', `${zone} is not an IANA time zone, such as Europe/Berlin.`, {
        errors: [{ pointer, code: 'time_zone_unknown', detail: 'is not an IANA time zone' }],
      });
    }
  }
}

function entry(action: AuditEntry['action'], id: string, before?: Profile, after?: Profile): AuditEntry {
  return {
    entity: 'import_profile',
    action,
    entityId: id,
    ...(before ? { before: told(before) } : {}),
    ...(after ? { after: told(after) } : {}),
  };
}

const told = ({ name, kind, mapping, timeZone, columns }: Profile) => ({ name, kind, mapping, timeZone, columns });
