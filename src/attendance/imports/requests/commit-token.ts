import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { Cursors } from '../../../http/paging/cursor';
import { Problem } from '../../../http/problems/problem';

const LIFE_MS = 3_600_000;

/** Changes when what a file means may have changed: people, pay periods, other imports. Punches of others do not count. */
const dataVersion = statement(
  'imports.data_version',
  `SELECT concat_ws('/', (SELECT extract(epoch FROM max(u.updated_at)) FROM users u WHERE u.tenant_id = $1),
     (SELECT extract(epoch FROM max(p.updated_at)) FROM pay_periods p WHERE p.tenant_id = $1),
     (SELECT extract(epoch FROM max(b.finished_at)) FROM import_batches b WHERE b.tenant_id = $1)) AS version`,
);

/** What a token vouches for; `anything` is what prepare gives, before there is a file. */
type Bound = { readonly sha256: string; readonly options: unknown } | 'anything';

/** The right to commit what was looked at: signed, bound to file, reading and the state of the tenant, good for an hour. */
@Injectable()
export class CommitTokens {
  constructor(private readonly cursors: Cursors) {}

  async issue(tx: Transaction, bound: Bound, now = Date.now()): Promise<{ commitToken: string; expiresAt: Date }> {
    const expires = now + LIFE_MS;
    const commitToken = this.cursors.encode(scopeOf(tx.tenantId, bound), [expires, await versionOf(tx)]);
    return { commitToken, expiresAt: new Date(expires) };
  }

  /** Throws import_token_stale, whatever of it does not fit. */
  async check(tx: Transaction, token: string, bound: Bound, now = Date.now()): Promise<void> {
    const version = await versionOf(tx);
    for (const each of [bound, 'anything'] as const) {
      try {
        const [expires, known] = this.cursors.decode(scopeOf(tx.tenantId, each), token);
        if (Number(expires) > now && known === version) return;
      } catch {
        // Not of this kind.
      }
    }
    throw new Problem(
      'import_token_stale',
      'The commitToken does not fit any more: an hour has passed, the file or its mapping is another one, or people, pay periods or imports have changed since. Preview again.',
      {
        errors: [{ pointer: '/commitToken', code: 'import_token_stale', detail: 'preview again and send the new one' }],
      },
    );
  }
}

async function versionOf(tx: Transaction): Promise<string> {
  return (await tx.row<{ version: string }>(dataVersion, [tx.tenantId]))?.version ?? '';
}

function scopeOf(tenantId: string, bound: Bound) {
  const what = bound === 'anything' ? bound : createHash('sha256').update(JSON.stringify(bound)).digest('hex');
  return { tenantId, route: 'import commit', filters: { what } };
}
