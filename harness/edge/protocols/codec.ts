import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { JsonCodec2, JsonShapeDeserializer2 } from '@smithy/core/protocols';
import type { $SchemaRef } from '@smithy/types';
import { AwsError } from '../aws-error.ts';
import { BodyTooLarge, type EdgeRequest } from '../http.ts';
import { InputTypes } from './input-types.ts';

/** Largest body of an API call that is read; AWS's own limits per operation are the emulators' business. */
const MAX_CALL_BYTES = 128 * 1024 * 1024;

/** The body of an API call. Some clients compress large ones (smithy.io/2.0/spec/behavior-traits.html). */
export async function callBody({ body, headers }: EdgeRequest): Promise<Buffer> {
  const bytes = await body.bytes(MAX_CALL_BYTES);
  if (headers['content-encoding'] !== 'gzip') return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_CALL_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new BodyTooLarge(MAX_CALL_BYTES);
    throw new AwsError('SerializationException', 'The request body is not gzip, as its Content-Encoding says.');
  }
}

/** Reads and writes JSON bodies by the SDK's schemas: bytes as base64, instants as epoch seconds. */
export class BodyCodec {
  readonly #codec: JsonCodec2;
  readonly #reader: JsonShapeDeserializer2;
  readonly #types: InputTypes;

  /** @param jsonName whether members go by their `jsonName` trait, as REST-JSON has it and JSON 1.x has not */
  constructor(jsonName: boolean) {
    this.#types = new InputTypes('json', jsonName);
    const settings: ConstructorParameters<typeof JsonCodec2>[0] = {
      timestampFormat: { useTrait: true, default: 7 },
      jsonName,
    };
    this.#codec = new JsonCodec2(settings);
    this.#reader = new JsonShapeDeserializer2(settings);
  }

  /** The value of a JSON object's text; of none, an empty one. Text that does not fit is a `SerializationException`. */
  read(schema: $SchemaRef, bytes: Buffer): Record<string, unknown> {
    if (bytes.length === 0) return {};
    const parsed = parse(bytes);
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
      throw new AwsError('SerializationException', 'The request body is not a JSON object.');
    }
    return this.readParsed(schema, parsed) as Record<string, unknown>;
  }

  readParsed(schema: $SchemaRef, parsed: unknown): unknown {
    this.#types.check(schema, parsed);
    try {
      return this.#reader.readObject(schema as never, parsed as never);
    } catch (error) {
      throw new AwsError('SerializationException', `The request body cannot be read: ${(error as Error).message}`);
    }
  }

  write(schema: $SchemaRef, value: unknown): Buffer {
    const serializer = this.#codec.createSerializer();
    serializer.write(schema as never, value);
    const written: Uint8Array | string = serializer.flush();
    return typeof written === 'string'
      ? Buffer.from(written)
      : Buffer.from(written.buffer, written.byteOffset, written.byteLength);
  }
}

export function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new AwsError('SerializationException', `The request body is not JSON: ${(error as Error).message}`);
  }
}
