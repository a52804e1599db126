import { createHash } from 'node:crypto';
import { type DataSource, QueryResult } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner';
import type { StatementResult } from '../session';
import { type Statement, statement } from '../statement';

/** Sends one statement on the connection of the unit of work, in the order in which it is called. */
type Send = (statement: Statement, values: readonly unknown[]) => Promise<StatementResult>;

/**
 * TypeORM's query runner on a transaction that the unit of work has opened: the same connection, tenant, time-outs and
 * savepoint, and the same exchange as the statements that are sent beside it. It opens, commits and releases nothing, and it
 * lets the driver's error through as it came, because TypeORM's own carries every parameter into whatever prints it.
 */
export class TransactionRunner extends PostgresQueryRunner {
  /** So that no repository call opens a transaction of its own. */
  override isTransactionActive = true;

  constructor(
    orm: DataSource,
    private readonly send: Send,
  ) {
    super(orm.driver as PostgresDriver, 'master');
  }

  override async query<T = unknown>(text: string, values: unknown[] = [], structured = false): Promise<T> {
    const { rows, rowCount, command } = await this.send(named(text), values);
    const raw = command === 'UPDATE' || command === 'DELETE' ? [rows, rowCount] : rows;
    if (!structured) return raw as T;
    return Object.assign(new QueryResult(), { records: rows, affected: rowCount, raw }) as T;
  }

  override connect = refuse;
  override startTransaction = refuse;
  override commitTransaction = refuse;
  override rollbackTransaction = refuse;
  override release = () => Promise.resolve();
}

/** How many texts of the mapper are prepared by name. Page sizes and lists are part of a text, so there is no end of them. */
const MOST_NAMES = 300;
const names = new Map<string, Statement>();

/** A statement for a text of the mapper: prepared once for each connection, under a name that follows from the text alone. */
export function named(text: string): Statement {
  const known = names.get(text);
  if (known) return known;
  if (names.size >= MOST_NAMES) return statement('', text);
  const made = statement(`orm.${createHash('sha1').update(text).digest('base64url')}`, text);
  names.set(text, made);
  return made;
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('The unit of work opens, commits and ends transactions; a repository never does'));
}
