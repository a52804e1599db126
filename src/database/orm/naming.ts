import { DefaultNamingStrategy, type NamingStrategyInterface } from 'typeorm';

/** Names as the migrations write them: `createdAt` is `created_at`, and the primary key of `holidays` is `holidays_pkey`. */
export class SchemaNames extends DefaultNamingStrategy implements NamingStrategyInterface {
  override columnName(property: string, given: string | undefined): string {
    return given ?? property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  }

  override primaryKeyName(table: string | { name: string }): string {
    return `${typeof table === 'string' ? table : table.name}_pkey`;
  }
}
