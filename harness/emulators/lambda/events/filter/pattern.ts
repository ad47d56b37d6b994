import type { AwsError } from '../../../../edge/aws-error.ts';
import { errors } from '../../errors.ts';
import { isObject, type Json, NumberText, parseSpelled, type Scalar } from './json.ts';

/** Where the records come from that a filter sees: messages have a `body`, records of a stream have `data`. */
export type FilterSource = 'sqs' | 'kinesis';

/** All fields must match, and of each `$or` one alternative. */
export interface Pattern {
  readonly fields: ReadonlyMap<string, Pattern | readonly Rule[]>;
  readonly anyOf: readonly (readonly Pattern[])[];
}

export type Rule =
  | { readonly kind: 'equals'; readonly value: Scalar }
  | { readonly kind: 'equals-ignore-case' | 'prefix' | 'suffix'; readonly text: string }
  | { readonly kind: 'anything-but'; readonly values: readonly Scalar[] }
  | { readonly kind: 'numeric'; readonly tests: readonly { readonly operator: string; readonly limit: number }[] }
  | { readonly kind: 'exists'; readonly wanted: boolean };

/** EventBridge's operators that the Lambda developer guide does not list for event source mappings. */
const EVENTBRIDGE_ONLY = new Set(['wildcard', 'cidr']);
/** EventBridge compares numbers between these (EventBridge user guide, "Numeric matching"). */
const MAX_NUMBER = 5e9;
/** Of one pattern (Lambda API model). */
const MAX_PATTERN_LENGTH = 4096;

/**
 * Reads a filter's pattern.
 *
 * @throws AwsError InvalidParameterValueException (400); NotImplementedException (501) for what AWS has and naetmul not
 */
export function parsePattern(text: string, source: FilterSource): Pattern {
  const json = text.length <= MAX_PATTERN_LENGTH ? parseSpelled(text) : undefined;
  if (!isObject(json)) throw invalid();
  const pattern = patternOf(json);
  checkContent(pattern, source);
  return pattern;
}

/** Content of a stream's record is JSON or nothing; of a message, only the body is filtered on. */
function checkContent({ fields, anyOf }: Pattern, source: FilterSource): void {
  if (source === 'kinesis' && Array.isArray(fields.get('data'))) throw invalid();
  for (const part of anyOf.flat()) checkContent(part, source);
  if (source !== 'sqs') return;
  for (const name of fields.keys()) {
    if (name !== 'body')
      throw errors.unsupported(`filtering the messages of a queue on "${name}", which is not "body"`);
  }
}

function patternOf(json: { readonly [name: string]: Json }): Pattern {
  const fields = new Map<string, Pattern | readonly Rule[]>();
  const anyOf: Pattern[][] = [];
  for (const [name, value] of Object.entries(json)) {
    if (name === '$or') anyOf.push(alternativesOf(value));
    else if (Array.isArray(value)) fields.set(name, rulesOf(value));
    else if (isObject(value)) fields.set(name, patternOf(value));
    else throw invalid();
  }
  if (fields.size === 0 && anyOf.length === 0) throw invalid();
  return { fields, anyOf };
}

function alternativesOf(value: Json): Pattern[] {
  if (!Array.isArray(value) || value.length === 0) throw invalid();
  return value.map((alternative: Json) => {
    if (!isObject(alternative)) throw invalid();
    return patternOf(alternative);
  });
}

function rulesOf(values: readonly Json[]): Rule[] {
  if (values.length === 0) throw invalid();
  return values.map((value) => {
    if (isScalar(value)) return { kind: 'equals', value };
    if (!isObject(value)) throw invalid();
    const [entry, ...more] = Object.entries(value);
    if (!entry || more.length > 0) throw invalid();
    return ruleOf(...entry);
  });
}

function ruleOf(operator: string, operand: Json): Rule {
  switch (operator) {
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
      if (isObject(operand)) throw errors.unsupported(`"${operator}" with another operator in it`);
      if (typeof operand !== 'string') throw invalid();
      return { kind: operator, text: operand };
    case 'anything-but':
      return { kind: 'anything-but', values: excludedOf(operand) };
    case 'numeric':
      return { kind: 'numeric', tests: testsOf(operand) };
    case 'exists':
      if (typeof operand !== 'boolean') throw invalid();
      return { kind: 'exists', wanted: operand };
    default:
      if (EVENTBRIDGE_ONLY.has(operator)) throw errors.unsupported(`the operator "${operator}" in filters`);
      throw invalid();
  }
}

function excludedOf(operand: Json): readonly Scalar[] {
  if (isObject(operand)) throw errors.unsupported('"anything-but" with another operator in it');
  const values = Array.isArray(operand) ? (operand as readonly Json[]) : [operand];
  const areOfOneType =
    values.every((value) => typeof value === 'string') || values.every((value) => value instanceof NumberText);
  if (values.length === 0 || !areOfOneType) throw invalid();
  return values as readonly Scalar[];
}

/** `["=", 5]`, or one bound, or a lower and an upper one in this order. */
function testsOf(operand: Json): { operator: string; limit: number }[] {
  if (!Array.isArray(operand)) throw invalid();
  const tests: { operator: string; limit: number }[] = [];
  for (let at = 0; at < operand.length; at += 2) {
    const [operator, limit] = [operand[at] as Json, operand[at + 1] as Json];
    if (typeof operator !== 'string' || !(limit instanceof NumberText)) throw invalid();
    if (Math.abs(limit.value) > MAX_NUMBER) throw invalid();
    tests.push({ operator, limit: limit.value });
  }
  const shape = tests.map(({ operator }) => operator[0]).join('');
  const areKnown = tests.every(({ operator }) => ['=', '<', '<=', '>', '>='].includes(operator));
  if (!areKnown || !['=', '<', '>', '><'].includes(shape)) throw invalid();
  if (shape === '><' && (tests[0]?.limit ?? 0) >= (tests[1]?.limit ?? 0)) throw invalid();
  return tests;
}

function isScalar(value: Json): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'boolean' || value instanceof NumberText;
}

function invalid(): AwsError {
  return errors.invalid('Invalid filter pattern definition.');
}
