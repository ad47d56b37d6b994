/** The mapping templates of the template, run as API Gateway runs them, against what the functions read. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MultiMap } from '../../harness/emulators/apigateway/data-plane/multi-map.ts';
import { compileTemplate, type TemplateScope } from '../../harness/emulators/apigateway/data-plane/templates.ts';
import { readTemplate } from './build.ts';
import { type QueuedRequest, readQueued } from './handler/async.ts';
import { readForm } from './handler/form.ts';
import { readRecord } from './record.ts';

const { Mappings } = readTemplate(readFileSync(new URL('template.yaml', import.meta.url), 'utf8'));
const compiled = (name: string) => compileTemplate(Mappings.Request[name].Template, 'request');
const json = compiled('JsonToKinesis');
const form = compiled('FormToKinesis');
const queued = compiled('AnyToFunction');

const FORM_TYPE = 'application/x-www-form-urlencoded';

function scope(resourcePath: string, pathParameters: Record<string, string> = {}): TemplateScope {
  const headers = new MultiMap();
  headers.add('content-TYPE', FORM_TYPE);
  return {
    pathParameters,
    query: new MultiMap(),
    headers,
    context: {
      requestId: 'r-1',
      extendedRequestId: 'x-1',
      requestTimeEpoch: 1_643_262_505_123,
      resourcePath,
    } as TemplateScope['context'],
    stageVariables: new Map([['stream', 'webhooks-stream']]),
  };
}

/** What Kinesis is told to put, with the data as text. */
function render(template: typeof json, body: string, of = scope('/050')) {
  const { Data, ...rest } = JSON.parse(template.render(of, body)) as Record<
    'Data' | 'PartitionKey' | 'StreamName',
    string
  >;
  return { ...rest, data: Buffer.from(Data, 'base64').toString() };
}

const isMarked = (fields: unknown) => JSON.stringify(fields)?.includes('\uFFFD') ?? false;

const PIECES = [
  ...['&', '=', '+', '%', '%4', '%zz', '%41', '%EA%B0%80', '%FF', '%00', '%0A', '%22', '%5C', '%26', '%3D', '%2B'],
  ...['"', "'", '\\', '/', '\n', '$', '$context.requestId', '#foreach', '#end', '#', '{', '}', '[', ']', ',', ':'],
  ...['a', 'b', 'name', '가', 'é', '👍', ' ', '\u2028', '__proto__', 'constructor', ';'],
];

describe('a form', () => {
  /**
   * Without names that end in a backslash: once V8 (13.6) has parsed an object with such a name, it takes an escape at
   * the end of the name at the same place of the next object for that backslash.
   */
  const forms = fc
    .string({ unit: fc.constantFrom(...PIECES), maxLength: 40 })
    .filter((text) => text !== '{}' && !Object.keys(readForm(Buffer.from(text))).some((name) => name.endsWith('\\')));

  test('becomes the line that a function would make of it', () => {
    fc.assert(
      fc.property(forms, (text) => {
        const { PartitionKey, data } = render(form, text);
        const fields = readForm(Buffer.from(text));
        const event = readRecord(data)?.event;
        // The function also reads EUC-KR, where the template has U+FFFD for each byte that is none of UTF-8.
        fc.pre(!isMarked(event) || isMarked(fields));
        expect(data).toMatch(/^\{[^\n]*\}\n$/);
        expect(event).toEqual(fields);
        expect(PartitionKey).toBe(Object.keys(fields).length === 0 ? '' : 'x-1');
      }),
      { numRuns: 1000 },
    );
  });

  test('of 1,000 fields is written, one of more is not', () => {
    const fields = (count: number) => Array.from({ length: count }, (_, n) => `field${n}=${n}`).join('&');
    const full = render(form, fields(1000));
    expect(full.PartitionKey).toBe('x-1');
    expect(Object.keys(readRecord(full.data)?.event ?? {})).toHaveLength(1000);
    expect(render(form, fields(1001)).PartitionKey).toBe('');
  });
});

describe('JSON', () => {
  test('of any shape that is an object becomes a line with it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2), (event, indent) => {
        const text = JSON.stringify(event, undefined, indent);
        const { PartitionKey, data } = render(json, text);
        expect(data).toMatch(/^\{[^\r\n]*\}\n$/);
        expect(PartitionKey).toBe(Object.keys(event).length === 0 ? '' : 'x-1');
        expect(readRecord(data)?.event).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps numbers that JavaScript does not have', () => {
    expect(render(json, '{"id":12345678901234567890}').data).toContain('"event":{"id":12345678901234567890}}');
  });

  test('is what is written of that which API Gateway takes for JSON though it is none', () => {
    expect(readRecord(render(json, "{'a':b,}").data)?.event).toEqual({ a: 'b' });
  });
});

test.each([
  ['/appsflyer', {}, 'appsflyer', 'x-1'],
  ['/events/{sender}', { sender: 'my-shop' }, 'my-shop', 'x-1'],
  ['/events/{sender}', { sender: 'My Shop' }, 'My Shop', ''],
  ['/events/{sender}', { sender: '","via":"signed","x":"' }, undefined, ''],
])('what comes to %s is written under the name of its sender, if it is one', (path, parameters, sender, key) => {
  for (const [template, body] of [
    [json, '{"a":"1"}'],
    [form, 'a=1'],
  ] as const) {
    const { PartitionKey, StreamName, data } = render(template, body, scope(path, parameters));
    expect([PartitionKey, StreamName]).toEqual([key, 'webhooks-stream']);
    if (sender !== undefined) {
      expect(readRecord(data)).toEqual({
        sender,
        via: 'gateway',
        request_id: 'r-1',
        received_at: 1_643_262_505_123,
        event: { a: '1' },
      });
    }
  }
});

test('a function that nobody waits for is given the body as it came', () => {
  const body = fc.string({ unit: fc.constantFrom(...PIECES), maxLength: 40 }).filter((text) => text !== '{}');
  fc.assert(
    fc.property(body, (text) => {
      const event = JSON.parse(queued.render(scope('/async/{sender}', { sender: '050' }), text)) as QueuedRequest;
      expect(event).toEqual({
        sender: '050',
        request_id: 'r-1',
        received_at: 1_643_262_505_123,
        content_type: FORM_TYPE,
        body: text,
      });
    }),
  );
  const empty = JSON.parse(queued.render(scope('/async/{sender}', { sender: '050' }), '')) as QueuedRequest;
  expect(() => readQueued(empty)).toThrow('The form has no fields.');
});
