import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ResourceRepository } from '../../database/orm/resource-repository';
import type { Transaction } from '../../database/transaction';
import type { PageBounds } from '../../http/paging/cursor';
import { ApiKey } from './api-key.entity';
import type { ApiKeyQuery } from './api-key.schemas';

/** The API keys of a tenant, as its administrators keep them. Trigger `api_keys_change_announced` tells other replicas of each change. */
@Injectable()
export class KeptKeysRepository extends ResourceRepository<ApiKey, ApiKeyQuery> {
  constructor(@InjectRepository(ApiKey) keys: Repository<ApiKey>) {
    super(keys, 'API key');
  }

  page(tx: Transaction, { status }: ApiKeyQuery, { after: [id], limit }: PageBounds): Promise<ApiKey[]> {
    const rows = this.select(tx, 'resource').andWhere('resource.id > :id', { id });
    if (status !== 'all') rows.andWhere(`resource.revokedAt IS ${status === 'revoked' ? 'NOT NULL' : 'NULL'}`);
    return rows.orderBy('resource.id').limit(limit).getMany();
  }
}
