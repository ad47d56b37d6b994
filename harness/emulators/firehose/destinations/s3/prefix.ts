import { createRandom, parseInstant, type Random } from '../../../../clock/index.ts';
import { errors } from '../../errors.ts';
import type { ErrorOutputType } from '../../failed-record.ts';
import type { PartitionKeys } from '../../runs.ts';
import { type DateFields, dateFields } from './date-fields.ts';
import { parseTimestampFormat, type TimestampFormat } from './timestamp.ts';

const RANDOM_STRING_LENGTH = 11;
const DEFAULT_TIMESTAMP = 'yyyy/MM/dd/HH/';
/** Of a prefix once evaluated (https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html). */
export const MAX_EVALUATED_PREFIX_LENGTH = 512;
const ERROR_OUTPUT_TYPE = '!{firehose:error-output-type}';
const EXPRESSION = /!\{([a-zA-Z]+):([^{}]+)\}/g;
/** The namespaces of partition keys, with where their values come from. */
const KEY_SOURCES = { partitionKeyFromQuery: 'fromQuery', partitionKeyFromLambda: 'fromLambda' } as const;

/** What a prefix is evaluated with. */
export interface PrefixValues {
  readonly time: DateFields;
  readonly random: Random;
  /** In an error output prefix only. */
  readonly errorOutputType?: ErrorOutputType | undefined;
  readonly partitionKeys?: PartitionKeys | undefined;
}

export interface PrefixTemplate {
  readonly hasExpressions: boolean;
  /** The partition keys that it uses. */
  readonly partitionKeys: readonly PartitionKeyName[];
  evaluate(values: PrefixValues): string;
}

/** A partition key as an expression names it: `!{partitionKeyFromQuery:customer_id}`. */
export interface PartitionKeyName {
  readonly source: keyof PartitionKeys;
  readonly id: string;
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly format: TimestampFormat }
  | { readonly kind: 'random-string' }
  | { readonly kind: 'error-output-type' }
  | ({ readonly kind: 'partition-key' } & PartitionKeyName);

// The texts of errors are AWS's own: CloudFormation and others quote them.

/**
 * Reads a `Prefix`. Without a timestamp of its own it ends in `yyyy/MM/dd/HH/`, with no slash put before it.
 *
 * @param configuration the member of the request that has it, for messages
 * @throws InvalidArgumentException
 */
export function parsePrefix(prefix: string, configuration: string): PrefixTemplate {
  const parts = parse(prefix, 'Prefix', configuration);
  if (has(parts, 'error-output-type')) {
    throw errors.invalid(`Prefix must not contain any occurrence of ${ERROR_OUTPUT_TYPE}`);
  }
  checkLength(parts, 'prefix');
  return template(has(parts, 'timestamp') ? parts : [...parts, defaultTimestamp()], hasExpressions(parts));
}

/**
 * Reads an `ErrorOutputPrefix`. When there is none, failed records lie beside the others, in a folder for the type of
 * error (firehose.md 4).
 *
 * @param configuration the member of the request that has it, for messages
 * @throws InvalidArgumentException
 */
export function parseErrorOutputPrefix(
  errorOutputPrefix: string | undefined,
  prefix: string,
  configuration: string,
): PrefixTemplate {
  if (!errorOutputPrefix) {
    const parts = parse(prefix, 'Prefix', configuration);
    if (hasExpressions(parts)) {
      throw errors.invalid('ErrorOutputPrefix cannot be null or empty when Prefix contains expressions');
    }
    return template([...parts, { kind: 'error-output-type' }, literal('/'), defaultTimestamp()], false);
  }
  const parts = parse(errorOutputPrefix, 'ErrorOutputPrefix', configuration);
  if (has(parts, 'partition-key')) {
    throw errors.invalid("Dynamic Partitioning Namespaces can't be part of an error prefix expression");
  }
  if (hasExpressions(parts) && !has(parts, 'error-output-type')) {
    throw errors.invalid(`ErrorOutputPrefix must contain at least one occurrence of ${ERROR_OUTPUT_TYPE}`);
  }
  checkLength(parts, 'ErrorOutputPrefix');
  return template(parts, hasExpressions(parts));
}

function template(parts: readonly Part[], hasAny: boolean): PrefixTemplate {
  return {
    hasExpressions: hasAny,
    partitionKeys: parts.filter((part) => part.kind === 'partition-key'),
    evaluate: (values) => evaluate(parts, values),
  };
}

function evaluate(parts: readonly Part[], values: PrefixValues): string {
  return parts.map((part) => evaluatePart(part, values)).join('');
}

function evaluatePart(part: Part, values: PrefixValues): string {
  switch (part.kind) {
    case 'literal':
      return part.text;
    case 'timestamp':
      return part.format(values.time);
    case 'random-string':
      return values.random.uuid().slice(0, RANDOM_STRING_LENGTH);
    case 'error-output-type':
      return values.errorOutputType ?? '';
    case 'partition-key':
      return values.partitionKeys?.[part.source][part.id] ?? '';
  }
}

/** Of what was given: the timestamp that is added does not count, and the values of partition keys are not known yet. */
function checkLength(parts: readonly Part[], name: string): void {
  const sample = {
    time: dateFields(parseInstant('2022-12-31T23:59:59Z')),
    random: createRandom(name),
    errorOutputType: 'processing-failed',
  } as const;
  if (evaluate(parts, sample).length > MAX_EVALUATED_PREFIX_LENGTH) {
    throw errors.invalid(`Length of evaluated ${name} cannot be greater than ${MAX_EVALUATED_PREFIX_LENGTH}`);
  }
}

function has(parts: readonly Part[], kind: Part['kind']): boolean {
  return parts.some((part) => part.kind === kind);
}

function hasExpressions(parts: readonly Part[]): boolean {
  return parts.some((part) => part.kind !== 'literal');
}

function literal(text: string): Part {
  return { kind: 'literal', text };
}

function defaultTimestamp(): Part {
  return { kind: 'timestamp', format: parseTimestampFormat(DEFAULT_TIMESTAMP, 'Prefix', '') };
}

function parse(text: string, member: string, configuration: string): Part[] {
  const parts: Part[] = [];
  const addLiteral = (piece: string) => {
    if (piece.includes('!{')) throw errors.invalid('Invalid expression usage');
    if (piece !== '') parts.push(literal(piece));
  };
  let at = 0;
  for (const match of text.matchAll(EXPRESSION)) {
    const [written, namespace = '', value = ''] = match;
    addLiteral(text.slice(at, match.index));
    parts.push(expression(namespace, value, member, configuration));
    at = match.index + written.length;
  }
  addLiteral(text.slice(at));
  return parts;
}

function expression(namespace: string, value: string, member: string, configuration: string): Part {
  if (namespace === 'timestamp')
    return { kind: 'timestamp', format: parseTimestampFormat(value, member, configuration) };
  if (namespace === 'firehose') {
    if (value === 'random-string' || value === 'error-output-type') return { kind: value };
    throw errors.invalid(`Invalid conversion character used in the value of the expression in ${member}`);
  }
  if (isKeySource(namespace)) return { kind: 'partition-key', source: KEY_SOURCES[namespace], id: value };
  throw errors.invalid(`Namespace to the left of colon (${namespace}) is an invalid keyword!`);
}

function isKeySource(namespace: string): namespace is keyof typeof KEY_SOURCES {
  return Object.hasOwn(KEY_SOURCES, namespace);
}
