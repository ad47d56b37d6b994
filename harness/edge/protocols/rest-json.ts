import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../aws-error.ts';
import type { Call, Emulator, Operation } from '../emulator.ts';
import type { EdgeRequest, EdgeResponse } from '../http.ts';
import { splitTarget } from '../route.ts';
import { type Bindings, bindingsOf, type Member } from './bindings.ts';
import { BodyCodec, callBody, parse } from './codec.ts';
import { type PathTemplate, pathTemplate, splitPath } from './path-template.ts';
import { operationsOf, type Protocol } from './protocol.ts';

interface RestOperation {
  readonly operation: Operation<unknown>;
  readonly name: string;
  readonly template: PathTemplate;
  readonly status: number;
  readonly input: Bindings | undefined;
  readonly output: Bindings | undefined;
}

interface Found {
  readonly rest: RestOperation;
  readonly labels: Record<string, string>;
  readonly query: URLSearchParams;
}

const codec = new BodyCodec(true);
const SETTINGS = { httpBindings: true, timestampFormat: { useTrait: true, default: 7 } } as const;
const text = new FromStringShapeDeserializer(SETTINGS);

/** AWS REST-JSON (smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html). */
export function restJsonProtocol(emulator: Emulator): Protocol {
  const byMethod = new Map<string, RestOperation[]>();
  for (const operation of operationsOf(emulator)) {
    const [, , name, traits, input, output] = operation.schema;
    const http = typeof traits === 'object' ? traits.http : undefined;
    if (!http) throw new Error(`The schema of ${name} does not say with which method and path it is called.`);
    const list = byMethod.get(http[0]) ?? [];
    byMethod.set(http[0], list);
    list.push({
      operation,
      name,
      template: pathTemplate(http[1]),
      status: http[2],
      input: isUnit(input) ? undefined : bindingsOf(input, 'request'),
      output: isUnit(output) ? undefined : bindingsOf(output, 'response'),
    });
  }
  for (const list of byMethod.values()) list.sort((a, b) => compare(b.template.specificity, a.template.specificity));

  const find = (request: EdgeRequest): Found | undefined => {
    const { path, query } = splitTarget(request.target);
    const segments = splitPath(path);
    const parameters = new URLSearchParams(query);
    for (const rest of byMethod.get(request.method) ?? []) {
      const labels = rest.template.match(segments, parameters);
      if (labels) return { rest, labels, query: parameters };
    }
    return undefined;
  };

  return {
    errorStyle: 'rest-json',
    nameOf: ({ method, target }) => `${method} ${splitTarget(target).path}`,
    find(request) {
      const found = find(request);
      if (!found) return undefined;
      const { rest } = found;
      return {
        name: rest.name,
        async call(call) {
          const input = rest.input ? await readInput(found, rest.input, request) : {};
          const output = await rest.operation.run(input, call);
          return writeOutput(rest, (output ?? {}) as Record<string, unknown>, call);
        },
      };
    },
  };
}

async function readInput(found: Found, bindings: Bindings, request: EdgeRequest): Promise<Record<string, unknown>> {
  const bytes = await callBody(request);
  const input: Record<string, unknown> = bindings.body ? codec.read(bindings.body, bytes) : {};
  const { payload, queryMap } = bindings;
  if (payload) {
    const value = readPayload(payload, bytes);
    if (value !== undefined) input[payload.member] = value;
  }
  for (const { member, schema } of bindings.labels) {
    const label = found.labels[member];
    if (label !== undefined) input[member] = fromText(schema, label, member);
  }
  for (const { member, schema, name } of bindings.query) {
    if (!found.query.has(name)) continue;
    input[member] = schema.isListSchema()
      ? found.query.getAll(name).map((value) => fromText(schema.getValueSchema(), value, member))
      : fromText(schema, found.query.get(name) as string, member);
  }
  if (queryMap) {
    const map = unboundParameters(found, bindings, queryMap.schema.getValueSchema().isListSchema());
    if (Object.keys(map).length > 0) input[queryMap.member] = map;
  }
  for (const { member, schema, name } of bindings.headers) {
    const value = request.headers[name];
    if (value !== undefined) input[member] = fromText(schema, [value].flat().join(', '), member);
  }
  for (const { member, name: prefix } of bindings.prefixHeaders) {
    const entries = Object.entries(request.headers).filter(([name]) => name.startsWith(prefix));
    if (entries.length > 0) {
      input[member] = Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), String(value)]));
    }
  }
  return input;
}

/** What `httpQueryParams` receives: the parameters that no other member and not the path itself takes. */
function unboundParameters(found: Found, bindings: Bindings, lists: boolean): Record<string, string | string[]> {
  const bound = new Set([...bindings.query.map(({ name }) => name), ...found.rest.template.queryNames]);
  const map: Record<string, string | string[]> = {};
  for (const name of new Set(found.query.keys())) {
    if (!bound.has(name)) map[name] = lists ? found.query.getAll(name) : (found.query.get(name) as string);
  }
  return map;
}

function readPayload({ schema }: Member, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (schema.isBlobSchema()) return bytes;
  if (schema.isStringSchema()) return bytes.toString('utf8');
  return codec.readParsed(schema as never, parse(bytes));
}

function fromText(schema: NormalizedSchema, value: string, member: string): unknown {
  try {
    if (schema.isTimestampSchema() && !schema.isMemberSchema()) return new Date(value);
    const read: unknown = text.read(schema as never, value);
    if (typeof read === 'number' && Number.isNaN(read) && value !== 'NaN') throw new Error('it is not a number');
    return read;
  } catch (error) {
    throw new AwsError('SerializationException', `The value of ${member} cannot be read: ${(error as Error).message}`);
  }
}

function writeOutput(rest: RestOperation, output: Record<string, unknown>, call: Call): EdgeResponse {
  const headers: Record<string, string> = { 'x-amzn-RequestId': call.requestId };
  const bindings = rest.output;
  if (!bindings) return { status: rest.status, headers, body: '' };
  for (const { member, schema, nameAsWritten } of bindings.headers) {
    if (output[member] !== undefined && output[member] !== null) {
      headers[nameAsWritten] = toText(schema, output[member]);
    }
  }
  for (const { member, nameAsWritten } of bindings.prefixHeaders) {
    const map = (output[member] ?? {}) as Record<string, string>;
    for (const [name, value] of Object.entries(map)) headers[nameAsWritten + name] = value;
  }
  const statusMember = bindings.status ? output[bindings.status.member] : undefined;
  const status = typeof statusMember === 'number' ? statusMember : rest.status;
  if (bindings.payload) {
    const { member, schema } = bindings.payload;
    const { body, contentType } = writePayload(schema, output[member], rest.operation.payloadType);
    return { status, headers: { 'Content-Type': contentType, ...headers }, body };
  }
  if (status === 204) return { status, headers, body: '' };
  headers['Content-Type'] = 'application/json';
  return { status, headers, body: bindings.body ? codec.write(bindings.body, output) : '{}' };
}

function writePayload(
  schema: NormalizedSchema,
  value: unknown,
  bytesType = 'application/octet-stream',
): { body: Buffer | string; contentType: string } {
  const isText = schema.isStringSchema();
  if (isText || schema.isBlobSchema()) {
    const contentType = isText ? 'text/plain' : bytesType;
    if (value instanceof Uint8Array) {
      return { body: Buffer.from(value.buffer, value.byteOffset, value.byteLength), contentType };
    }
    return { body: String(value ?? ''), contentType };
  }
  const body = value === undefined || value === null ? '{}' : codec.write(schema as never, value);
  return { body, contentType: 'application/json' };
}

function toText(schema: NormalizedSchema, value: unknown): string {
  const serializer = new ToStringShapeSerializer(SETTINGS);
  serializer.write(schema as never, value);
  return serializer.flush();
}

function isUnit(schema: unknown): boolean {
  return NormalizedSchema.of(schema as never).isUnitSchema();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
