import { EventEmitter } from 'node:events';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { SchemaNames } from './naming';
import type { Pool } from '../pool';
import type { DatabaseSession } from '../session';

/**
 * What TypeORM takes for the driver: the product's own pool, behind a door. TypeORM asks for a connection while it starts, to
 * learn the server's version; from then on only a unit of work hands out connections, so a call that belongs to none of them
 * is an error instead of a read that row-level security leaves empty.
 */
class PoolDoor {
  private open = true;
  readonly Pool: new () => DoorPool;

  constructor(pool: Pool) {
    const admit = () =>
      this.open ? pool.acquire() : Promise.reject(new Error('Only a unit of work hands out connections'));
    this.Pool = class extends DoorPool {
      constructor() {
        super(admit, (session) => {
          pool.release(session);
        });
      }
    };
  }

  close(): void {
    this.open = false;
  }
}

/** Options of the data source: nothing of TypeORM's touches the schema, and its logger is never given a parameter. */
export const ormOptions = (pool: Pool) => ({
  type: 'postgres' as const,
  driver: new PoolDoor(pool),
  namingStrategy: new SchemaNames(),
  synchronize: false,
  migrationsRun: false,
  installExtensions: false,
  logging: false as const,
});

/** Starts a data source of ormOptions() and shuts its door. Fails with the reason why the database cannot be reached. */
export async function openOrm(options?: DataSourceOptions): Promise<DataSource> {
  if (options?.type !== 'postgres' || !(options.driver instanceof PoolDoor))
    throw new Error('Not made by ormOptions()');
  const orm = await new DataSource(options).initialize();
  options.driver.close();
  return orm;
}

type Connected = (error: unknown, client?: SessionClient, release?: () => void) => void;

/** The part of `pg.Pool` that TypeORM uses. The unit of work closes the real pool, after the last flush. */
class DoorPool extends EventEmitter {
  constructor(
    private readonly acquire: () => Promise<DatabaseSession>,
    private readonly release: (session: DatabaseSession) => void,
  ) {
    super();
  }

  connect(done: Connected): void {
    this.acquire().then((session) => {
      done(undefined, new SessionClient(session), () => {
        this.release(session);
      });
    }, done);
  }

  end(done: () => void): void {
    done();
  }
}

/** The part of `pg.Client` that TypeORM uses while it starts. */
class SessionClient extends EventEmitter {
  constructor(private readonly session: DatabaseSession) {
    super();
  }

  query(text: string, values: readonly unknown[] = []) {
    return this.session.send({ name: '', text, kind: 'select' }, values);
  }
}
