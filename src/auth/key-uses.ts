import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { groupBy } from '../attendance/rules/group-by';
import { UnitOfWork } from '../database/unit-of-work';
import { type Worker, Workers } from '../database/workers';
import { ApiKeysRepository } from './api-keys.repository';
import type { Principal } from './principal';

const EVERY_MS = 60_000;

/**
 * When API keys were last used. Noted in memory with every call, and written once a minute and when the process ends: no request waits for it,
 * and a key that calls a thousand times a second costs one row a minute.
 */
@Injectable()
export class KeyUses implements OnApplicationBootstrap {
  private used = new Map<string, { readonly tenantId: string; readonly id: string; readonly at: number }>();
  private readonly worker: Worker;

  constructor(
    private readonly work: UnitOfWork,
    private readonly keys: ApiKeysRepository,
    workers: Workers,
  ) {
    this.worker = workers.named('key-uses', new Logger(KeyUses.name));
  }

  onApplicationBootstrap(): void {
    const again = setInterval(() => void this.flush(), EVERY_MS).unref();
    this.work.beforeClosing(() => {
      clearInterval(again);
      return this.flush();
    });
  }

  note({ tenantId, userId: id }: Principal): void {
    this.used.set(tenantId + id, { tenantId, id, at: Date.now() });
  }

  /** Never throws. What could not be written is tried again, unless the key has been used since. */
  async flush(): Promise<void> {
    const uses = [...this.used.values()];
    this.used = new Map();
    for (const [tenantId, ofTenant] of groupBy(uses, (use) => use.tenantId)) {
      try {
        await this.work.write(tenantId, (tx) => this.keys.noteUses(tx, tenantId, ofTenant));
        this.worker.succeeded();
      } catch (error) {
        for (const use of ofTenant) if (!this.used.has(tenantId + use.id)) this.used.set(tenantId + use.id, use);
        this.worker.failedAt('The last uses of API keys could not be written', error, 'in a minute');
      }
    }
  }
}
