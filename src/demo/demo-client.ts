import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { AccessTokens } from '../auth/access-tokens';
import { statement } from '../database/statement';
import { UnitOfWork } from '../database/unit-of-work';

export interface DemoPersonRow extends Record<string, unknown> {
  id: string;
  email: string;
}

const people = statement(
  'demo.people',
  'SELECT id, email FROM users WHERE tenant_id = $1 AND email IS NOT NULL ORDER BY employee_number',
);
const hasPlans = statement('demo.has_plans', 'SELECT EXISTS (SELECT FROM schedules WHERE tenant_id = $1) AS found');

/** Tells the demo through the API, as anybody would: checked, keyed, and with its evidence in the ledger. */
@Injectable()
export class DemoClient {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly tokens: AccessTokens,
    private readonly work: UnitOfWork,
  ) {}

  people(tenantId: string): Promise<DemoPersonRow[]> {
    return this.work.read(tenantId, (tx) => tx.rows<DemoPersonRow>(people, [tenantId]));
  }

  async hasPlans(tenantId: string): Promise<boolean> {
    return (await this.work.read(tenantId, (tx) => tx.row<{ found: boolean }>(hasPlans, [tenantId])))?.found === true;
  }

  /** Sends a write as somebody. `key` makes a repetition harmless: a start that was cut off goes on where it stopped. */
  async send(
    as: { readonly tenantId: string; readonly userId: string },
    method: 'POST' | 'PUT',
    path: string,
    body: unknown,
    key: string,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const { token } = await this.tokens.issue(as);
    const server = this.host.httpAdapter.getInstance<FastifyInstance>();
    const reply = await server.inject({
      method,
      url: path,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'idempotency-key': `demo ${key}`,
      },
      payload: JSON.stringify(body),
    });
    return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
  }
}
