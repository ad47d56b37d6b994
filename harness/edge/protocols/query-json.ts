import type { IncomingHttpHeaders } from 'node:http';
import type { NormalizedSchema } from '@smithy/core/schema';

/** Members of lists that SQS names otherwise in JSON: `{"ReceiveMessageResult":{"messages":null}}` (published answers). */
const LOWER_CASE: ReadonlySet<string> = new Set(['Messages', 'QueueUrls']);

/**
 * True for callers of AWS Query that would rather read JSON than XML. No SDK does; API Gateway's integrations do, unless
 * they map another `Accept`.
 */
export function wantsJson({ accept = '' }: IncomingHttpHeaders): boolean {
  return /\bapplication\/json\b/.test(accept) && !/\bxml\b/.test(accept);
}

/** `{"SendMessageResponse":{"ResponseMetadata":{…},"SendMessageResult":{…}}}`: what has no value is null, in the order of names. */
export function queryJson(name: string, schema: NormalizedSchema, output: unknown, requestId: string): string {
  const result = schema.isUnitSchema() ? {} : { [`${name}Result`]: toJson(schema, output ?? {}) };
  const metadata = { ResponseMetadata: { RequestId: requestId } };
  return JSON.stringify({ [`${name}Response`]: sorted({ ...result, ...metadata }) });
}

function toJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (schema.isStructSchema()) {
    const members: Record<string, unknown> = {};
    for (const [member, memberSchema] of schema.structIterator()) {
      const name = LOWER_CASE.has(member) ? member.charAt(0).toLowerCase() + member.slice(1) : member;
      members[name] = toJson(memberSchema, (value as Record<string, unknown>)[member]);
    }
    return sorted(members);
  }
  if (schema.isListSchema()) {
    const items = value as unknown[];
    return isFlat(schema) && items.length === 0 ? null : items.map((item) => toJson(schema.getValueSchema(), item));
  }
  if (schema.isMapSchema()) return mapOf(schema, Object.entries(value as Record<string, unknown>));
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? Number(value) : value;
}

/** A map whose entries stand for themselves is a list of them, as its XML is. */
function mapOf(schema: NormalizedSchema, entries: readonly (readonly [string, unknown])[]): unknown {
  const valueSchema = schema.getValueSchema();
  const values = entries.map(([key, one]) => [key, toJson(valueSchema, one)] as const);
  if (!isFlat(schema)) return Object.fromEntries(values);
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueName = valueSchema.getMergedTraits().xmlName ?? 'value';
  return values.length === 0 ? null : values.map(([key, one]) => ({ [keyName]: key, [valueName]: one }));
}

/** True for lists and maps whose members stand where the whole would stand: `AttributeName.1`, `AttributeName.2`. */
export function isFlat(schema: NormalizedSchema): boolean {
  return schema.getMergedTraits().xmlFlattened !== undefined;
}

const sorted = (members: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)));
