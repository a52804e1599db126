import { Injectable } from '@nestjs/common';
import { refusing } from '../../../database/failures';
import { statement } from '../../../database/statement';
import type { Transaction } from '../../../database/transaction';
import { Problem } from '../../../http/problem';
import { type LayoutBody, layoutBody } from './layout.schemas';

/** A stored layout. */
export interface Layout extends LayoutBody {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

interface LayoutRow extends Record<string, unknown> {
  id: string;
  name: string;
  definition: unknown;
  version: number;
  created_at: Date;
  updated_at: Date;
}

const columns = 'l.id, l.name, l.definition, l.version, l.created_at, l.updated_at';
const named = 'lower(l.name) COLLATE "C"';
const byId = (lock: string) => `SELECT ${columns} FROM export_layouts l WHERE l.tenant_id = $1 AND l.id = $2 ${lock}`;
const find = statement('exports.layout', byId(''));
const lock = statement('exports.layout_lock', byId('FOR UPDATE'));
const page = statement(
  'exports.layouts',
  `SELECT ${columns} FROM export_layouts l WHERE l.tenant_id = $1 AND ${named} > lower($2) ORDER BY ${named} LIMIT $3`,
);
const insert = statement(
  'exports.layout_insert',
  `INSERT INTO export_layouts AS l (tenant_id, name, definition, created_by) VALUES ($1, $2, $3::json, $4) RETURNING ${columns}`,
);
const update = statement(
  'exports.layout_update',
  `UPDATE export_layouts AS l SET name = $3, definition = $4::json, version = version + 1, updated_at = now()
   WHERE l.tenant_id = $1 AND l.id = $2 RETURNING ${columns}`,
);
const remove = statement('exports.layout_delete', 'DELETE FROM export_layouts WHERE tenant_id = $1 AND id = $2');

/** Reads and changes the payroll layouts of one tenant. */
@Injectable()
export class LayoutsRepository {
  async find(tx: Transaction, id: string): Promise<Layout | undefined> {
    const row = await tx.row<LayoutRow>(find, [tx.tenantId, id]);
    return row && layoutOf(row);
  }

  async lock(tx: Transaction, id: string): Promise<Layout | undefined> {
    const row = await tx.row<LayoutRow>(lock, [tx.tenantId, id]);
    return row && layoutOf(row);
  }

  /** In the order of the names, from behind `after`. */
  async page(tx: Transaction, after: string, limit: number): Promise<Layout[]> {
    return (await tx.rows<LayoutRow>(page, [tx.tenantId, after, limit])).map(layoutOf);
  }

  async insert(tx: Transaction, { name, ...definition }: LayoutBody, by: string): Promise<Layout> {
    return present(
      await refusing(tx.row<LayoutRow>(insert, [tx.tenantId, name, JSON.stringify(definition), by]), taken),
    );
  }

  async update(tx: Transaction, id: string, { name, ...definition }: LayoutBody): Promise<Layout> {
    return present(
      await refusing(tx.row<LayoutRow>(update, [tx.tenantId, id, name, JSON.stringify(definition)]), taken),
    );
  }

  async remove(tx: Transaction, id: string): Promise<void> {
    await tx.run(remove, [tx.tenantId, id]);
  }
}

function layoutOf({ id, name, definition, version, created_at: createdAt, updated_at: updatedAt }: LayoutRow): Layout {
  return { id, ...layoutBody.parse({ ...(definition as object), name }), version, createdAt, updatedAt };
}

function present(row: LayoutRow | undefined): Layout {
  if (!row) throw new Error('A layout disappeared under its lock');
  return layoutOf(row);
}

const taken = {
  export_layouts_name_unique: () =>
    new Problem('conflict', 'A layout has this name already. Choose another one, or change that layout.', {
      errors: [{ pointer: '/name', code: 'conflict', detail: 'is taken' }],
    }),
};
