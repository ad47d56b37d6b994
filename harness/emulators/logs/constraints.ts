import { AwsError } from '../../edge/aws-error.ts';

/** What AWS's model of the API says of a member; lengths in characters, sizes in members. */
export interface Constraint {
  readonly required?: boolean;
  /** An Integer or a Long of the model; a String otherwise. */
  readonly integer?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** The pattern as AWS prints it, where JavaScript writes it another way. */
  readonly shown?: string;
  readonly values?: readonly (string | number)[];
}

/** Limits of the API: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
export const LOG_GROUP_NAME: Constraint = {
  min: 1,
  max: 512,
  pattern: /^[.\-_/#A-Za-z0-9]+$/,
  shown: '[\\.\\-_/#A-Za-z0-9]+',
};
export const LOG_GROUP_NAME_PATTERN: Constraint = {
  max: 512,
  pattern: /^[.\-_/#A-Za-z0-9]*$/,
  shown: '[\\.\\-_/#A-Za-z0-9]*',
};
export const LOG_GROUP_IDENTIFIER: Constraint = {
  min: 1,
  max: 2048,
  pattern: /^[\w#+=/:,.@-]*$/,
  shown: '[\\w#+=/:,.@-]*',
};
export const LOG_STREAM_NAME: Constraint = { min: 1, max: 512, pattern: /^[^:*]*$/, shown: '[^:*]*' };
export const RESOURCE_ARN: Constraint = { min: 1, max: 1011, pattern: /^[\w+=/:,.@*-]*$/, shown: '[\\w+=/:,.@-]*' };
export const TAG_KEY: Constraint = { min: 1, max: 128, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u };
export const TAG_VALUE: Constraint = { max: 256, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u };
export const NEXT_TOKEN: Constraint = { min: 1 };
/** Groups or streams per page. */
export const DESCRIBE_LIMIT: Constraint = { integer: true, min: 1, max: 50 };
/** Events per page. */
export const EVENTS_LIMIT: Constraint = { integer: true, min: 1, max: 10_000 };
/** Milliseconds since the epoch. */
export const TIMESTAMP: Constraint = { integer: true, min: 0 };

/** Answers as AWS does when the members break the API's model: every violation in one error. */
export function validate(...violations: readonly (string | undefined)[]): void {
  const found = violations.filter((violation) => violation !== undefined);
  if (found.length === 0) return;
  const count = found.length === 1 ? '1 validation error' : `${found.length} validation errors`;
  throw new AwsError('InvalidParameterException', `${count} detected: ${found.join('; ')}`);
}

/**
 * Checks a string or a number. What is not of the model's type is refused before any constraint is looked at.
 *
 * @throws SerializationException
 */
export function member(name: string, value: string | number | undefined, constraint: Constraint): string | undefined {
  if (value === undefined) return constraint.required ? missing(name) : undefined;
  const { integer, min, max, pattern, values } = constraint;
  if (integer ? !isLong(value) : typeof value !== 'string') {
    const type = integer ? 'an integer' : 'a string';
    throw new AwsError('SerializationException', `The member ${name} must be ${type}.`);
  }
  const [size, noun] = typeof value === 'number' ? [value, 'value'] : [value.length, 'length'];
  if (min !== undefined && size < min) return failed(name, value, `have ${noun} greater than or equal to ${min}`);
  if (max !== undefined && size > max) return failed(name, value, `have ${noun} less than or equal to ${max}`);
  if (pattern && !pattern.test(String(value))) {
    return failed(name, value, `satisfy regular expression pattern: ${constraint.shown ?? pattern.source}`);
  }
  if (values && !values.includes(value)) {
    return failed(name, value, `satisfy enum value set: [${values.join(', ')}]`);
  }
  return undefined;
}

/** Clients say "for ever" by the largest Long, which is more than a safe integer. */
function isLong(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) <= 2 ** 63;
}

/** Checks how many members a list or a map has. */
export function size(name: string, count: number | undefined, constraint: Constraint): string | undefined {
  if (count === undefined) return constraint.required ? missing(name) : undefined;
  const { min = 0, max = Number.POSITIVE_INFINITY } = constraint;
  if (count < min) return failed(name, '[]', `have length greater than or equal to ${min}`);
  if (count > max) return failed(name, `[${count} members]`, `have length less than or equal to ${max}`);
  return undefined;
}

export function missing(name: string): string {
  return `Value null at '${name}' failed to satisfy constraint: Member must not be null`;
}

function failed(name: string, value: string | number, rule: string): string {
  return `Value '${value}' at '${name}' failed to satisfy constraint: Member must ${rule}`;
}
