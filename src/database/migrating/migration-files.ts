import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the numbered SQL files lie: beside the compiled program and beside its sources alike. */
const folder = path.resolve(__dirname, '../../../migrations');

type Migration = new () => MigrationInterface & { readonly name: string };

const files = () =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();

/** The names of all migrations of this build, in order, as the table `migrations` records them. */
export const migrationNames = (): string[] => files().map(nameOf);

/** A class for each SQL file, as TypeORM runs them: the part before `-- Down Migration` is `up`, the part behind it `down`. */
export const migrationClasses = (): Migration[] =>
  files().map((file) => {
    const [up = '', down = ''] = readFileSync(path.join(folder, file), 'utf8').split(/^-- Down Migration$/m);
    return class implements MigrationInterface {
      readonly name = nameOf(file);

      async up(runner: QueryRunner): Promise<void> {
        await runner.query(up);
      }

      async down(runner: QueryRunner): Promise<void> {
        await runner.query(down);
      }
    };
  });

/** `0012_holidays.sql` is recorded as `holidays-0000000000012`: TypeORM reads the order off the last thirteen digits. */
function nameOf(file: string): string {
  const { number = '', subject = '' } = /^(?<number>\d{4})_(?<subject>[a-z-]+)\.sql$/.exec(file)?.groups ?? {};
  if (subject === '') throw new Error(`A migration is called like 0012_holidays.sql, not ${file}`);
  return `${subject}-${number.padStart(13, '0')}`;
}
