import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { NamedRepository } from '../../../database/orm/named-repository';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import { headingKeys, signatureOf } from './header';
import { ImportProfile } from './profile.entity';

export const nameTaken = () =>
  new Problem('conflict', 'A profile has this name already. Choose another one, or change that profile.', {
    errors: [{ pointer: '/name', code: 'conflict', detail: 'is taken; built-in profiles have names too' }],
  });

@Injectable()
export class ProfilesRepository extends NamedRepository<ImportProfile> {
  constructor(@InjectRepository(ImportProfile) profiles: Repository<ImportProfile>) {
    super(profiles, 'import profile', { import_profiles_name_unique: nameTaken });
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
}
