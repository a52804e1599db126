import { createHash } from 'node:crypto';
import { headingKey } from '../reading/columns';
import { type Mapping, mappingFields } from '../reading/mapping';

/** A heading as it is compared: spelling and punctuation apart, and a heading that is only punctuation by itself. */
const keyOf = (column: string) => headingKey(column) || column.trim();

export const headingKeys = (columns: readonly string[]): string[] => columns.map(keyOf);

/** The digest of a header: the same for the same headings in the same order, however they are spelt. */
export function signatureOf(columns: readonly string[]): string {
  return createHash('sha256').update(headingKeys(columns).join('\n')).digest('hex');
}

/**
 * The mapping with the headings of this file: a profile that says `Employee No.` fits a file that says `employee_no`. A column
 * that the file does not have stays as it is named, so that the refusal names it.
 */
export function fitted(mapping: Mapping, columns: readonly string[]): Mapping {
  const written = new Map([...columns].reverse().map((column) => [keyOf(column), column]));
  const inFile = (column: string) => (columns.includes(column) ? column : (written.get(keyOf(column)) ?? column));
  const fields = Object.entries(mapping.fields).map(([field, column]) => [field, inFile(column)]);
  return {
    ...mapping,
    fields: mappingFields.parse(Object.fromEntries(fields)),
    ...(mapping.ignoreColumns ? { ignoreColumns: mapping.ignoreColumns.map(inFile) } : {}),
  };
}
