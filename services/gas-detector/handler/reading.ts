import { createHash } from 'node:crypto';
import { readNumber } from './number.ts';

/** From this value of NO₂ on the subscribers are warned. The workshop's text says "over", its code >=. */
export const WARNING_FROM = 88;

/** What a detector measures, by the names in its document. */
export const SENSORS = ['co', 'no2', 'c2h5oh', 'h2'] as const;

/** A reading is less than 1 KiB. What waits in SQS must fit into a message there. */
export const MAX_BODY_BYTES = 64 * 1024;

/** How much is repeated of a value that a sender made up. */
const REPEATED_CHARACTERS = 40;

/** A detector's document, as it was posted. */
export type Reading = Readonly<Record<string, unknown>>;

/** What is to be said of a post. The warning depends on `no2.value` alone, whatever else is wrong. */
export type Verdict =
  | { readonly good: true; readonly reading: Reading; readonly warning: boolean }
  | { readonly good: false; readonly reason: string; readonly warning: boolean };

/** @param event what the function was invoked with: the body as text, or the document itself */
export function judge(event: unknown): Verdict {
  const bad = (reason: string, warning = false): Verdict => ({ good: false, reason, warning });
  const text = typeof event === 'string' ? event : (JSON.stringify(event) ?? '');
  let reading: unknown;
  try {
    reading = JSON.parse(text);
  } catch {
    return bad('the body is not JSON');
  }
  if (!isObject(reading)) return bad('the body is not a JSON object');
  const warning = warns(reading);
  const tooLarge = Buffer.byteLength(text) > MAX_BODY_BYTES;
  if (tooLarge) return bad(`the body is larger than ${MAX_BODY_BYTES / 1024} KiB`, warning);
  const problems = SENSORS.flatMap((name) => problemOf(name, reading));
  return problems.length === 0 ? { good: true, reading, warning } : bad(problems.join('; '), warning);
}

/** The same for the same document, in whatever order its members come: storing it again makes no second one. */
export function idOf(reading: Reading): string {
  const { date: _set, ...sent } = reading;
  return createHash('sha256').update(canonical(sent)).digest('hex').slice(0, 40);
}

function warns({ no2 }: Reading): boolean {
  const value = isObject(no2) ? readNumber(no2.value) : undefined;
  return value !== undefined && value >= WARNING_FROM;
}

function problemOf(name: string, reading: Reading): string[] {
  const sensor = reading[name];
  if (sensor === undefined || sensor === null) return [`${name} is missing`];
  if (!isObject(sensor)) return [`${name} is not a JSON object`];
  if (sensor.value === undefined) return [`${name}.value is missing`];
  return readNumber(sensor.value) === undefined ? [`${name}.value is not a number: ${shown(sensor.value)}`] : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function shown(value: unknown): string {
  // JSON has no Infinity: it stands for a number that is too large.
  const text = typeof value === 'number' ? 'too large' : JSON.stringify(value);
  const characters = [...text];
  return characters.length <= REPEATED_CHARACTERS ? text : `${characters.slice(0, REPEATED_CHARACTERS).join('')}…`;
}

/** JSON with the members of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}
