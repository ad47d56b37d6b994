import express, { type Request, type RequestHandler } from 'express';
import type * as z from 'zod';
import { validate } from '../validate.ts';
import { Refusal } from './refusal.ts';

/** Bytes of a body, and of a message: what one SQS message held before August 2025, and nginx lets through. */
export const MAX_BODY_BYTES = 262_144;

const utf8 = new TextDecoder('utf-8', { fatal: true });
const readBytes = express.raw({ type: () => true, limit: MAX_BODY_BYTES });

/** Reads the body of a request that says it is JSON, as bytes; `jsonBody` makes something of them. */
export const readBody: RequestHandler = (request, response, next) => {
  const type = request.headers['content-type'];
  if (type === undefined) throw new Refusal(415, 'The header Content-Type is missing; it must be application/json.');
  const charset = /;\s*charset="?([^";\s]+)/i.exec(type)?.[1];
  if (!/^application\/json\s*(;|$)/i.test(type) || (charset !== undefined && !/^utf-?8$/i.test(charset))) {
    throw new Refusal(415, `The Content-Type must be application/json in UTF-8, not ${type.slice(0, 100)}.`);
  }
  readBytes(request, response, next);
};

/** The value of a body that `readBody` has read. Errors: `Refusal` 400, which names each field that is wrong. */
export function jsonBody<S extends z.ZodType>(request: Request, schema: S): z.output<S> {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new Refusal(400, 'The body is empty; it must be JSON.');
  return checked(schema, parseJson(bytes), 'the body');
}

/** Errors: `Refusal` 400. */
export function checked<S extends z.ZodType>(schema: S, value: unknown, whole: string): z.output<S> {
  const result = validate(schema, value, whole);
  if (!result.ok) throw new Refusal(400, `Not understood: ${result.reason}.`);
  return result.value;
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw new Refusal(400, 'The body is not JSON: it is not UTF-8.', { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refusal(400, `The body is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
