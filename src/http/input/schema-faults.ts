import type { ArgumentMetadata } from '@nestjs/common';
import type { core } from 'zod';
import { jsonPointer, MAX_FAULTS, type Path } from '../body/json-faults';
import type { Fault } from '../problems/problem';

/** Where a checked value came from; `name` when it is one parameter and not the whole query. */
export interface Source {
  readonly in: ArgumentMetadata['type'];
  readonly name: string | undefined;
}

/** An issue as the Standard Schema interface has it; Zod's own members are read only where they are there. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const isZodIssue = (issue: Issue): issue is Issue & core.$ZodIssue => 'code' in issue && typeof issue.code === 'string';

/** The faults that one issue of a schema stands for, in words that complete "/punches/3/type …". */
export function schemaFaults(issue: Issue, given: unknown, source: Source): Fault[] {
  const path = (issue.path ?? []).map((step) => (typeof step === 'object' ? step.key : step));
  if (!isZodIssue(issue)) return [{ pointer: pointer(path, source), code: 'invalid', detail: issue.message }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MAX_FAULTS).map((key) => ({
        pointer: pointer([...path, key], source),
        code: 'unknown_member',
        detail: `is not known ${source.in === 'query' ? 'here' : 'in this object'}; remove it`,
      }));
    case 'invalid_union': {
      // Each alternative has its own complaints; the one that complains least, and not about the form, is the one that was meant.
      const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length || misread(a) - misread(b));
      if (!nearest || nearest.length === 0) break;
      return nearest.flatMap((inner) => schemaFaults({ ...inner, path: [...path, ...inner.path] }, given, source));
    }
  }
  return [{ pointer: pointer(path, source), ...describe(issue, valueAt(given, path)) }];
}

/** How many complaints say that a value is of another kind. */
const misread = (issues: readonly core.$ZodIssue[]) =>
  issues.filter(({ code }) => code === 'invalid_format' || code === 'invalid_type').length;

function pointer(path: Path, { in: where, name }: Source): string {
  if (where === 'body') return jsonPointer(name === undefined ? path : [name, ...path]);
  const steps = (name === undefined ? path : [name, ...path]).map(String).join('.');
  return where === 'query' ? `?${steps}` : `path:${steps}`;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = Reflect.get(at, step);
  }
  return at;
}

/** A schema's author who writes a message knows better than we do; Zod's own messages begin in a few fixed ways. */
const isDefault = (message: string) => /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/.test(message);

function describe(issue: core.$ZodIssue, value: unknown): Pick<Fault, 'code' | 'detail'> {
  if (value === undefined && issue.code !== 'custom') return { code: 'required', detail: 'is required' };
  const code =
    issue.code === 'custom' && typeof issue.params?.code === 'string' ? issue.params.code : codes[issue.code];
  return { code, detail: isDefault(issue.message) ? sentence(issue) : issue.message };
}

const codes: Readonly<Record<core.$ZodIssue['code'], string>> = {
  invalid_type: 'wrong_type',
  too_big: 'too_big',
  too_small: 'too_small',
  invalid_format: 'wrong_format',
  not_multiple_of: 'not_a_multiple',
  unrecognized_keys: 'unknown_member',
  invalid_union: 'no_alternative_fits',
  invalid_key: 'wrong_key',
  invalid_element: 'wrong_element',
  invalid_value: 'not_allowed',
  custom: 'invalid',
};

function sentence(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${kinds[issue.expected] ?? article(issue.expected)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${amount(issue.maximum, issue.origin)}`;
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${amount(issue.minimum, issue.origin)}`;
    case 'invalid_format':
      return (
        formats[issue.format] ?? (issue.pattern ? `must match ${issue.pattern}` : `must be ${article(issue.format)}`)
      );
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((one) => JSON.stringify(one)).join(', ')}`;
    default:
      return 'is not valid';
  }
}

const formats: Readonly<Record<string, string>> = {
  datetime: 'must be an instant such as 2026-03-29T01:30:00Z',
  date: 'must be a date such as 2026-03-29',
  time: 'must be a time such as 09:00',
  uuid: 'must be a UUID',
  email: 'must be an e-mail address',
  url: 'must be a URL',
};

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  null: 'null',
  undefined: 'left out',
};

const article = (noun: string) => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

function amount(bound: number | bigint, origin: string): string {
  const unit = origin === 'string' ? 'character' : origin === 'array' || origin === 'set' ? 'element' : '';
  return unit ? `${bound} ${unit}${bound === 1 ? '' : 's'} long` : String(bound);
}
