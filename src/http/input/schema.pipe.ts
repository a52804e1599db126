import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { inZoneOf } from './dates';
import { MAX_FAULTS } from '../body/json-faults';
import { type Fault, Problem, type ProblemCode, problems } from '../problems/problem';
import { schemaFaults, type Source } from './schema-faults';
import { mustNotEndBeforeItBegins } from './spans';

type Schema = NonNullable<ArgumentMetadata['schema']>;

/**
 * Checks what a handler declared with `@Body({ schema })`, `@Query({ schema })` or `@Param(name, { schema })` and hands over
 * what the schema made of it. A refusal names every fault at once, each with a pointer and what to do about it: whoever
 * writes a client should need one round, not one for each field.
 */
@Injectable()
export class SchemaPipe implements PipeTransform<unknown> {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (!schema || type === 'custom') return value;
    const source: Source = { in: type, name: data };
    const result = inZoneOf(value, () => schema['~standard'].validate(value));
    return result instanceof Promise
      ? result.then((settled) => accepted(settled, value, source))
      : accepted(result, value, source);
  }
}

function accepted(
  result: Awaited<ReturnType<Schema['~standard']['validate']>>,
  given: unknown,
  source: Source,
): unknown {
  if (!result.issues) {
    if (source.in === 'query' && source.name === undefined) mustNotEndBeforeItBegins(given, result.value);
    return result.value;
  }
  throw validationFailed(result.issues.slice(0, MAX_FAULTS).flatMap((issue) => schemaFaults(issue, given, source)));
}

/**
 * The refusal of a body or a query; for rules that a schema cannot say, services throw it with faults of their own. Where all
 * faults have the code of one problem (`policy_invalid`: well formed, and still without a meaning), it is that problem.
 */
export function validationFailed(faults: readonly Fault[]): Problem {
  const [first] = faults;
  const summary = first ? `${first.pointer || 'The body'} ${first.detail}` : 'The request is not valid';
  const more = faults.length > 1 ? ` And ${faults.length - 1} more; see errors.` : '';
  const own =
    first && isProblem(first.code) && faults.every(({ code }) => code === first.code) ? first.code : undefined;
  return new Problem(own ?? 'validation_failed', `${summary}.${more}`, { errors: faults.slice(0, MAX_FAULTS) });
}

const isProblem = (code: string): code is ProblemCode => Object.hasOwn(problems, code);
