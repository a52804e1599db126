import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { NamedRepository } from '../../../database/orm/named-repository';
import { Problem } from '../../../http/problems/problem';
import { ExportLayout } from './layout.entity';

const nameTaken = () =>
  new Problem('conflict', 'A layout has this name already. Choose another one, or change that layout.', {
    errors: [{ pointer: '/name', code: 'conflict', detail: 'is taken' }],
  });

@Injectable()
export class LayoutsRepository extends NamedRepository<ExportLayout> {
  constructor(@InjectRepository(ExportLayout) layouts: Repository<ExportLayout>) {
    super(layouts, 'export layout', { export_layouts_name_unique: nameTaken });
  }
}
