import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../database/unit-of-work';
import { Problem } from '../../../http/problems/problem';
import type { BatchOptions } from '../batches/import-batch';
import type { Detected } from '../reading/detected';
import { importMapping, type Mapping } from '../reading/mapping';
import { builtInCalled } from './built-in';
import { fitted } from './header';
import type { ImportProfile } from './profile.entity';
import { ProfilesRepository } from './profiles.repository';

/** What a request says about how its file is read; all of it may be left open. */
export interface Reading {
  readonly profile?: string | undefined;
  readonly kind?: BatchOptions['kind'] | undefined;
  readonly mapping?: Mapping | undefined;
  readonly timeZone?: string | undefined;
}

/** A profile as answers name it, for a person to confirm. */
export interface NamedProfile {
  readonly id: string;
  readonly name: string;
  readonly builtIn: boolean;
}

interface Choice {
  readonly reading: Omit<Reading, 'profile'>;
  /** Where one was named or guessed. */
  readonly profile?: NamedProfile;
}

/**
 * Which profile a file is read with. What the request says itself comes first, member by member; then the profile that it names; and
 * where it says neither profile nor mapping, the one that the header is known by. The guess is named in every answer, and a commit
 * whose guess has become another than that of its preview is refused by its token.
 */
@Injectable()
export class ProfileChoice {
  constructor(
    private readonly work: UnitOfWork,
    private readonly profiles: ProfilesRepository,
  ) {}

  async make(tenantId: string, { profile: name, ...request }: Reading, detected: Detected): Promise<Choice> {
    if (name !== undefined) return this.named(tenantId, name, request, detected);
    if (request.mapping !== undefined) return { reading: request };
    const stored = await this.guess(tenantId, detected);
    if (stored) return chosen(stored, request, detected);
    const known = detected.profile === null ? undefined : builtInCalled(detected.profile);
    return known ? { reading: request, profile: nameOf(known) } : { reading: request };
  }

  private async named(
    tenantId: string,
    name: string,
    request: Omit<Reading, 'profile'>,
    detected: Detected,
  ): Promise<Choice> {
    const known = builtInCalled(name);
    if (known) {
      if (detected.profile !== known.name) throw misfit(known.name, detected);
      return { reading: request, profile: nameOf(known) };
    }
    const stored = await this.work.read(tenantId, (tx) => this.profiles.called(tx, name));
    if (!stored) throw unknownProfile();
    return chosen(stored, request, detected);
  }

  private guess(tenantId: string, { columns, headerLine, format }: Detected): Promise<ImportProfile | null> {
    // Columns that only have numbers are all alike: of them only the whole header says anything.
    const isNamed = headerLine !== null || format === 'ndjson';
    return this.work.read(tenantId, (tx) => this.profiles.fitting(tx, columns, isNamed));
  }
}

function chosen(profile: ImportProfile, request: Omit<Reading, 'profile'>, detected: Detected): Choice {
  const reading = {
    kind: request.kind ?? profile.kind,
    mapping: request.mapping ?? fitted(importMapping.parse(profile.mapping), detected.columns),
    timeZone: request.timeZone ?? profile.timeZone ?? undefined,
  };
  return { reading, profile: { id: profile.id, name: profile.name, builtIn: false } };
}

const nameOf = ({ id, name, builtIn }: NamedProfile): NamedProfile => ({ id, name, builtIn });

const unknownProfile = () =>
  new Problem('import_profile_unknown', 'There is no such profile. GET /api/attendance/import/profiles lists them.', {
    errors: [
      { pointer: '/profile', code: 'import_profile_unknown', detail: 'is neither the id nor the name of a profile' },
    ],
  });

const misfit = (name: string, { profile }: Detected) =>
  new Problem('import_file_invalid', `The file does not look like ${name}. Leave the profile out, or send a mapping.`, {
    errors: [
      { pointer: '/profile', code: 'profile_misfit', detail: `the file looks like ${profile ?? 'none that is known'}` },
    ],
  });

/** What an upload answers about a file: what it is, and how it would be read if nobody says otherwise. */
export function guessed(detected: Detected, { reading, profile }: Choice): Record<string, unknown> {
  if (!profile) return { detected };
  const { kind = detected.kind, mapping = detected.mapping } = reading;
  return { detected: { ...detected, kind, mapping, profile: profile.name }, profile };
}
