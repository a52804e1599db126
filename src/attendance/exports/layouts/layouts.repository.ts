import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ResourceRepository } from '../../../database/orm/resource-repository';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problems/problem';
import { ExportLayout } from './layout.entity';

const caseless = 'lower(layout.name) COLLATE "C"';
const nameTaken = () =>
  new Problem('conflict', 'A layout has this name already. Choose another one, or change that layout.', {
    errors: [{ pointer: '/name', code: 'conflict', detail: 'is taken' }],
  });

@Injectable()
export class LayoutsRepository extends ResourceRepository<ExportLayout> {
  constructor(@InjectRepository(ExportLayout) layouts: Repository<ExportLayout>) {
    super(layouts, 'export layout', { export_layouts_name_unique: nameTaken });
  }

  /** The layout with this id, or else with this name, whatever its capitals. A name is taken once, so there is never a choice. */
  async called(tx: Transaction, idOrName: string): Promise<ExportLayout | undefined> {
    const called = await this.select(tx, 'layout')
      .andWhere(`(layout.id::text = lower(:called) OR ${caseless} = lower(:called))`, { called: idOrName })
      .getMany();
    return called.find(({ id }) => id === idOrName.toLowerCase()) ?? called[0];
  }

  /** The layouts behind a name, in the order of their names. */
  after(tx: Transaction, name: string, limit: number): Promise<ExportLayout[]> {
    return this.select(tx, 'layout')
      .andWhere(`${caseless} > lower(:name)`, { name })
      .orderBy(caseless)
      .limit(limit)
      .getMany();
  }
}
