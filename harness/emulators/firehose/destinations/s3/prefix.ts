import type { Random } from '../../../../clock/index.ts';
import { errors } from '../../errors.ts';
import type { ErrorOutputType } from '../../failed-record.ts';
import type { PartitionKeys } from '../../runs.ts';
import { type DateFields, parseTimestampFormat, type TimestampFormat } from './timestamp.ts';

const RANDOM_STRING_LENGTH = 11;
const DEFAULT_TIMESTAMP = 'yyyy/MM/dd/HH/';
const ERROR_OUTPUT_TYPE = 'error-output-type';
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
  /** As written in the prefix. */
  readonly expression: string;
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly format: TimestampFormat }
  | { readonly kind: 'random-string' }
  | { readonly kind: 'error-output-type' }
  | ({ readonly kind: 'partition-key' } & PartitionKeyName);

/** Reads a `Prefix`. Without a timestamp of its own it ends in `yyyy/MM/dd/HH/`, with no slash put before it. */
export function parsePrefix(prefix: string): PrefixTemplate {
  const parts = parse(prefix, 'Prefix');
  if (has(parts, 'error-output-type')) {
    throw errors.invalid(`Prefix cannot contain !{firehose:${ERROR_OUTPUT_TYPE}}`);
  }
  const hasExpressions = parts.some((part) => part.kind !== 'literal');
  return template(has(parts, 'timestamp') ? parts : [...parts, defaultTimestamp()], hasExpressions);
}

/**
 * Reads an `ErrorOutputPrefix`. When there is none, failed records lie beside the others, in a folder for the type of
 * error (firehose.md 4).
 */
export function parseErrorOutputPrefix(errorOutputPrefix: string | undefined, prefix: string): PrefixTemplate {
  if (errorOutputPrefix === undefined) {
    const parts: Part[] = [...parse(prefix, 'Prefix'), { kind: 'error-output-type' }, literal('/'), defaultTimestamp()];
    return template(parts, false);
  }
  const parts = parse(errorOutputPrefix, 'ErrorOutputPrefix');
  const hasExpressions = parts.some((part) => part.kind !== 'literal');
  const [key] = partitionKeys(parts);
  if (key) throw errors.invalid(`ErrorOutputPrefix cannot contain ${key.expression}`);
  if (hasExpressions && !has(parts, 'error-output-type')) {
    throw errors.invalid(
      `ErrorOutputPrefix must contain at least one instance of !{firehose:${ERROR_OUTPUT_TYPE}} when it contains expressions`,
    );
  }
  return template(parts, hasExpressions);
}

function template(parts: readonly Part[], hasExpressions: boolean): PrefixTemplate {
  return {
    hasExpressions,
    partitionKeys: partitionKeys(parts),
    evaluate(values) {
      return parts.map((part) => evaluatePart(part, values)).join('');
    },
  };
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

function has(parts: readonly Part[], kind: Part['kind']): boolean {
  return parts.some((part) => part.kind === kind);
}

function partitionKeys(parts: readonly Part[]): PartitionKeyName[] {
  return parts.filter((part) => part.kind === 'partition-key');
}

function literal(text: string): Part {
  return { kind: 'literal', text };
}

function defaultTimestamp(): Part {
  return { kind: 'timestamp', format: parseTimestampFormat(DEFAULT_TIMESTAMP) };
}

function parse(text: string, member: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (let start = text.indexOf('!{'); start !== -1; start = text.indexOf('!{', at)) {
    const end = text.indexOf('}', start);
    if (end === -1) throw errors.invalid(`${member} contains an expression that is not closed: ${text.slice(start)}`);
    if (start > at) parts.push(literal(text.slice(at, start)));
    parts.push(expression(text.slice(start, end + 1), member));
    at = end + 1;
  }
  if (at < text.length) parts.push(literal(text.slice(at)));
  return parts;
}

function expression(written: string, member: string): Part {
  const [, namespace = '', value = ''] = /^!\{([^:]*):(.*)\}$/s.exec(written) ?? [];
  if (namespace === 'timestamp') return { kind: 'timestamp', format: parseTimestampFormat(value) };
  if (namespace === 'firehose' && value === 'random-string') return { kind: 'random-string' };
  if (namespace === 'firehose' && value === ERROR_OUTPUT_TYPE) return { kind: 'error-output-type' };
  if (isKeySource(namespace) && value !== '') {
    return { kind: 'partition-key', source: KEY_SOURCES[namespace], id: value, expression: written };
  }
  throw errors.invalid(`${member} contains an invalid expression: ${written}`);
}

function isKeySource(namespace: string): namespace is keyof typeof KEY_SOURCES {
  return Object.hasOwn(KEY_SOURCES, namespace);
}
