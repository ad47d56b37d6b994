import type { IncomingHttpHeaders } from 'node:http';
import { cbor, tag } from '@smithy/core/cbor';
import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import { AwsError } from '../aws-error.ts';
import { InputTypes } from './input-types.ts';

export const CBOR_TYPE = 'application/x-amz-cbor-1.1';

const TYPES = new InputTypes('cbor');

/** CBOR's own number for an instant; AWS's Java SDKs give milliseconds with it where CBOR would have seconds. */
const INSTANT = 1;

/** AWS's JSON 1.1 with CBOR in the place of JSON, as the Java SDKs speak it with Kinesis. */
export function speaksAwsCbor(headers: IncomingHttpHeaders): boolean {
  return (headers['content-type'] ?? '').startsWith(CBOR_TYPE);
}

/** The value of a body, read by the SDK's schema: instants become `Date`, what the schema does not know is left out. */
export function readCbor(schema: $SchemaRef, bytes: Buffer): Record<string, unknown> {
  if (bytes.length === 0) return {};
  const value = decode(bytes);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new AwsError('SerializationException', 'The request body is not a CBOR map.');
  }
  TYPES.check(schema, value);
  return fromWire(NormalizedSchema.of(schema as never), value) as Record<string, unknown>;
}

export function writeCbor(schema: $SchemaRef, value: unknown): Buffer {
  return Buffer.from(cbor.serialize(toWire(NormalizedSchema.of(schema as never), value)));
}

function decode(bytes: Buffer): unknown {
  try {
    return cbor.deserialize(bytes);
  } catch (error) {
    throw new AwsError('SerializationException', `The request body is not CBOR: ${(error as Error).message}`);
  }
}

function fromWire(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) return new Date(Number(isTagged(value) ? value.value : value));
  if (typeof value === 'bigint') return Number(value);
  return mapped(schema, value, fromWire);
}

function toWire(schema: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Date) return tag({ tag: INSTANT, value: value.getTime() });
  return mapped(schema, value, toWire);
}

type Convert = (schema: NormalizedSchema, value: unknown) => unknown;

/** Converts what is inside of structures, lists and maps; everything else is what it is. */
function mapped(schema: NormalizedSchema, value: unknown, convert: Convert): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item) => convert(schema.getValueSchema(), item));
  }
  const members = value as Readonly<Record<string, unknown>>;
  const converted: Record<string, unknown> = {};
  if (schema.isMapSchema()) {
    for (const [key, item] of Object.entries(members)) converted[key] = convert(schema.getValueSchema(), item);
    return converted;
  }
  if (!schema.isStructSchema()) return value;
  for (const [name, member] of schema.structIterator()) {
    const item = members[name];
    if (item !== undefined && item !== null) converted[name] = convert(member, item);
  }
  return converted;
}

function isTagged(value: unknown): value is { readonly tag: number | bigint; readonly value: unknown } {
  return typeof value === 'object' && value !== null && 'tag' in value && 'value' in value;
}
