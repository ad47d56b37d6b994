import type { Random } from '../../../../clock/index.ts';
import { errors } from '../../errors.ts';
import { type DateFields, parseTimestampFormat, type TimestampFormat } from './timestamp.ts';

const RANDOM_STRING_LENGTH = 11;
const DEFAULT_TIMESTAMP = 'yyyy/MM/dd/HH/';
const ERROR_OUTPUT_TYPE = 'error-output-type';

/** What a prefix is evaluated with. */
export interface PrefixValues {
  readonly time: DateFields;
  readonly random: Random;
  /** `processing-failed` and the like: in an error output prefix only. */
  readonly errorOutputType?: string;
}

export interface PrefixTemplate {
  readonly hasExpressions: boolean;
  evaluate(values: PrefixValues): string;
}

type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'timestamp'; readonly format: TimestampFormat }
  | { readonly kind: 'random-string' }
  | { readonly kind: 'error-output-type' };

/** Reads a `Prefix`. Without a timestamp of its own it ends in `yyyy/MM/dd/HH/`, with no slash put before it. */
export function parsePrefix(prefix: string): PrefixTemplate {
  const parts = parse(prefix, 'Prefix');
  if (has(parts, 'error-output-type')) {
    throw errors.invalid(`Prefix cannot contain !{firehose:${ERROR_OUTPUT_TYPE}}`);
  }
  const hasExpressions = parts.some((part) => part.kind !== 'literal');
  if (!has(parts, 'timestamp')) {
    parts.push({ kind: 'timestamp', format: parseTimestampFormat(DEFAULT_TIMESTAMP) });
  }
  return template(parts, hasExpressions);
}

/** Reads an `ErrorOutputPrefix`. */
export function parseErrorOutputPrefix(prefix: string): PrefixTemplate {
  const parts = parse(prefix, 'ErrorOutputPrefix');
  const hasExpressions = parts.some((part) => part.kind !== 'literal');
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
  }
}

function has(parts: readonly Part[], kind: Part['kind']): boolean {
  return parts.some((part) => part.kind === kind);
}

function parse(text: string, member: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (let start = text.indexOf('!{'); start !== -1; start = text.indexOf('!{', at)) {
    const end = text.indexOf('}', start);
    if (end === -1) throw errors.invalid(`${member} contains an expression that is not closed: ${text.slice(start)}`);
    if (start > at) parts.push({ kind: 'literal', text: text.slice(at, start) });
    parts.push(expression(text.slice(start + 2, end), member));
    at = end + 1;
  }
  if (at < text.length) parts.push({ kind: 'literal', text: text.slice(at) });
  return parts;
}

function expression(content: string, member: string): Part {
  const colon = content.indexOf(':');
  const [namespace, value] = [content.slice(0, Math.max(colon, 0)), content.slice(colon + 1)];
  if (namespace === 'timestamp') return { kind: 'timestamp', format: parseTimestampFormat(value) };
  if (namespace === 'firehose' && value === 'random-string') return { kind: 'random-string' };
  if (namespace === 'firehose' && value === ERROR_OUTPUT_TYPE) return { kind: 'error-output-type' };
  if (namespace === 'partitionKeyFromQuery' || namespace === 'partitionKeyFromLambda') {
    throw errors.unsupported(`The expression !{${content}} in ${member}`);
  }
  throw errors.invalid(`${member} contains an invalid expression: !{${content}}`);
}
