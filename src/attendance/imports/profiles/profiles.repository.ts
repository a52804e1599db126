import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ResourceRepository } from '../../../database/orm/resource-repository';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import { headingKeys, signatureOf } from './header';
import { ImportProfile } from './profile.entity';

const caseless = 'lower(profile.name) COLLATE "C"';

export const nameTaken = () =>
  new Problem('conflict', 'A profile has this name already. Choose another one, or change that profile.', {
    errors: [{ pointer: '/name', code: 'conflict', detail: 'is taken; built-in profiles have names too' }],
  });

@Injectable()
export class ProfilesRepository extends ResourceRepository<ImportProfile> {
  constructor(@InjectRepository(ImportProfile) profiles: Repository<ImportProfile>) {
    super(profiles, 'import profile', { import_profiles_name_unique: nameTaken });
  }

  /** By its id or its name; where one is named like the id of another, the id is meant. */
  async called(tx: Transaction, idOrName: string): Promise<ImportProfile | undefined> {
    const called = await this.select(tx, 'profile')
      .andWhere(`(profile.id::text = lower(:called) OR ${caseless} = lower(:called))`, { called: idOrName })
      .getMany();
    return called.find(({ id }) => id === idOrName.toLowerCase()) ?? called[0];
  }

  /**
   * The profile that a file with this header is most likely of: one for exactly these headings, else (where `isNamed`, the columns
   * have names of their own) the one with the most headings that are all there, because exports gain columns over the years.
   */
  fitting(tx: Transaction, columns: readonly string[], isNamed: boolean): Promise<ImportProfile | null> {
    const exact = 'profile.signature = :signature';
    const among = 'CAST(:isNamed AS boolean) AND profile.headings <@ CAST(:headings AS text[])';
    const header = { signature: signatureOf(columns), headings: headingKeys(columns), isNamed };
    return this.select(tx, 'profile')
      .andWhere(`(${exact} OR (${among}))`, header)
      .orderBy(exact, 'DESC')
      .addOrderBy('cardinality(profile.headings)', 'DESC')
      .addOrderBy('profile.updatedAt', 'DESC')
      .addOrderBy('profile.id')
      .limit(1)
      .getOne();
  }

  /** The profiles behind a name, in the order of their names. */
  after(tx: Transaction, name: string, limit: number): Promise<ImportProfile[]> {
    return this.select(tx, 'profile')
      .andWhere(`${caseless} > lower(:name)`, { name })
      .orderBy(caseless)
      .limit(limit)
      .getMany();
  }
}
