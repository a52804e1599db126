import { Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { asProblem } from '../../database/failures';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { canonicalJson, changesOf } from './canonical';
import type { AuditEntry } from './entry';
import { inetOf } from './stored-text';

/** Entries of one write: who did it, on which request. */
export interface AuditBatch {
  readonly tenantId: string;
  readonly userId: string;
  readonly onBehalfOf?: string;
  readonly requestId: string;
  readonly ip: string;
  readonly entries: readonly AuditEntry[];
}

// One statement for any number of entries of any number of tenants: unnest of one array for each column.
const append = statement(
  'audit.append',
  `INSERT INTO audit_logs (tenant_id, user_id, on_behalf_of, action, entity, entity_id, outcome, changes, employee_id, punch_id,
     exception_id, request_id, ip, canonical)
   SELECT e.tenant_id, e.user_id, e.on_behalf_of, e.action, e.entity, e.entity_id, e.outcome, e.changes, e.employee_id, e.punch_id,
     e.exception_id, e.request_id, e.ip, convert_to(e.canonical, 'UTF8')
   FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[], $9::uuid[], $10::uuid[],
     $11::uuid[], $12::text[], $13::inet[], $14::text[])
     AS e (tenant_id, user_id, on_behalf_of, action, entity, entity_id, outcome, changes, employee_id, punch_id, exception_id,
       request_id, ip, canonical)`,
);

/**
 * The ledger of changes. Entries are written in the transaction of the change they describe: without its evidence a change
 * does not happen. Identifier, time, order and transaction number come from the database alone.
 */
@Injectable()
export class Ledger {
  constructor(
    @InjectMetric('audit_entries_total') private readonly written: Counter,
    @InjectMetric('audit_write_failures_total') private readonly failures: Counter<'trail'>,
  ) {
    failures.inc({ trail: 'ledger' }, 0);
  }

  /** Sends the entries; does not wait, so that they share an exchange with what follows. The transaction reports a failure. */
  append(tx: Transaction, batches: readonly AuditBatch[]): Promise<void> {
    if (batches.length === 0) return Promise.resolve();
    const columns: unknown[][] = Array.from({ length: 14 }, () => []);
    for (const { entries, ...by } of batches) {
      for (const entry of entries) {
        this.row(by, entry).forEach((value, column) => columns[column]?.push(value));
      }
    }
    return tx.run(append, columns).then(
      (count) => {
        this.written.inc(count);
      },
      (error: unknown) => {
        // A statement that only failed because an earlier one had failed says nothing about the ledger.
        if (asProblem(error).extras.cause?.toString().includes('25P02') !== true) {
          this.failures.inc({ trail: 'ledger' });
        }
        throw error;
      },
    );
  }

  private row(by: Omit<AuditBatch, 'entries'>, entry: AuditEntry): unknown[] {
    const changes = changesOf(entry);
    const outcome = entry.outcome ?? 'success';
    const content = {
      tenantId: by.tenantId,
      userId: by.userId,
      onBehalfOf: by.onBehalfOf ?? null,
      action: entry.action,
      entity: entry.entity,
      entityId: entry.entityId,
      outcome,
      changes,
      employeeId: entry.employeeId ?? null,
      punchId: entry.punchId ?? null,
      exceptionId: entry.exceptionId ?? null,
      requestId: by.requestId,
      ip: inetOf(by.ip),
    };
    return [
      by.tenantId,
      by.userId,
      content.onBehalfOf,
      entry.action,
      entry.entity,
      entry.entityId,
      outcome,
      JSON.stringify(changes),
      content.employeeId,
      content.punchId,
      content.exceptionId,
      by.requestId,
      content.ip,
      canonicalJson(content),
    ];
  }
}
