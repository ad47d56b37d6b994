import { readForm } from './form.ts';
import { Refusal } from './refusal.ts';

/** What API Gateway takes a request for that does not name its content type. */
const DEFAULT_TYPE = 'application/json';

/**
 * The event that was posted, as JSON: the object itself as it was written, or the fields of a form.
 * @throws Refusal: 400 for what is no event, 415 for another content type
 */
export function readEvent(body: Uint8Array, contentType = DEFAULT_TYPE): string {
  switch (mediaType(contentType)) {
    case 'application/json':
      return readJsonEvent(body);
    case 'application/x-www-form-urlencoded':
      return readFormEvent(body, charset(contentType));
    default:
      throw new Refusal(415, 'Unsupported Media Type');
  }
}

function readJsonEvent(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What JSON.parse says of it would have a piece of the body, which is not for the log.
    throw new Refusal(400, 'The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    throw new Refusal(400, 'The body must be a JSON object, not empty.');
  }
  return text;
}

function readFormEvent(body: Uint8Array, encoding: string | undefined): string {
  const fields = readForm(body, encoding);
  if (Object.keys(fields).length === 0) throw new Refusal(400, 'The form has no fields.');
  return JSON.stringify(fields);
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function charset(contentType: string): string | undefined {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1];
}
