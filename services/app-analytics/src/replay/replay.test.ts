import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeReport, isComplete } from './describe.ts';
import { documentLine, readFailedDocument } from './failed-document.ts';
import { type Bulk, type BulkItem, type FailedObject, type ReplayOptions, replayFailed } from './replay.ts';

/** A line as Firehose writes it. */
function line(members: Readonly<Record<string, unknown>> = {}, record = '{"event_type":"_email.open"}'): string {
  return JSON.stringify({
    attemptsMade: 8,
    arrivalTimestamp: 1_589_790_125_123,
    errorCode: '503',
    errorMessage: 'Http/1.1 Service Unavailable',
    attemptEndingTimestamp: 1_589_790_425_123,
    esDocumentId: '49626135972400940184133817869815238878718600013148061698.0',
    esIndexName: 'pinpoint-2020-05-18',
    esTypeName: '',
    rawData: Buffer.from(record).toString('base64'),
    ...members,
  });
}

async function* objectsOf(...texts: readonly string[]): AsyncGenerator<FailedObject> {
  for (const [at, text] of texts.entries()) yield { name: `s3://bucket/${at}`, text };
}

/** An index as OpenSearch is: the first document of an id stays. Fails as told, before it takes anything. */
function server(failures: readonly ((id: string) => BulkItem | undefined)[] = []) {
  const documents = new Map<string, string>();
  const requests: (readonly string[])[] = [];
  const bulk: Bulk = async (lines) => {
    const failure = failures[requests.length];
    requests.push(lines);
    return Array.from({ length: lines.length / 2 }, (_, at): BulkItem => {
      const { _index, _id } = JSON.parse(lines[2 * at] ?? '').create;
      const failed = failure?.(_id);
      if (failed !== undefined) return failed;
      const key = `${_index}/${_id}`;
      if (documents.has(key)) return { status: 409, error: { type: 'version_conflict_engine_exception' } };
      documents.set(key, lines[2 * at + 1] ?? '');
      return { status: 201 };
    });
  };
  return { bulk, documents, requests };
}

const replay = (texts: readonly string[], bulk: Bulk, options: Partial<ReplayOptions> = {}) =>
  replayFailed({ objects: objectsOf(...texts), bulk, sleep: async () => undefined, ...options });

const ID = '49626135972400940184133817869815238878718600013148061698.0';

describe('a replay', () => {
  test('puts a document into its index under its id, byte for byte', async () => {
    const { bulk, documents } = server();
    const record = '{"event_type":"_SMS.SUCCESS", "metrics":{"price":645.0},"big":12345678901234567890}';
    const report = await replay([`${line({}, record)}\n`], bulk);
    expect([...documents]).toEqual([[`pinpoint-2020-05-18/${ID}`, record]]);
    expect(report).toMatchObject({ objects: 1, documents: 1, stored: 1, wasThere: 0, refused: [], unfit: [] });
    expect(isComplete(report)).toBe(true);
  });

  test('done again stores nothing again', async () => {
    const { bulk, documents } = server();
    await replay([line()], bulk);
    const again = await replay([line()], bulk);
    expect([documents.size, again.stored, again.wasThere]).toEqual([1, 0, 1]);
  });

  test('done again stores nothing again where Firehose gave no ids either', async () => {
    const { bulk, documents } = server();
    const texts = [[line({ esDocumentId: '' }, '{"a":1}'), line({ esDocumentId: '' }, '{"a":2}')].join('\n')];
    expect((await replay(texts, bulk)).stored).toBe(2);
    expect((await replay(texts, bulk)).wasThere).toBe(2);
    expect(documents.size).toBe(2);
  });

  test('leaves what is in the index as it is', async () => {
    const { bulk, documents } = server();
    documents.set(`pinpoint-2020-05-18/${ID}`, '{"event_type":"mine"}');
    await replay([line()], bulk);
    expect(documents.get(`pinpoint-2020-05-18/${ID}`)).toBe('{"event_type":"mine"}');
  });

  test('as a dry run asks OpenSearch nothing', async () => {
    const { bulk, requests } = server();
    const report = await replay([line(), line({ esIndexName: 'pinpoint-2020-05-19' })], bulk, { dryRun: true });
    expect(requests).toEqual([]);
    expect(report).toMatchObject({
      documents: 2,
      indices: { 'pinpoint-2020-05-18': 1, 'pinpoint-2020-05-19': 1 },
      causes: [{ reason: '503: Http/1.1 Service Unavailable', count: 2 }],
      stored: 0,
    });
    expect(describeReport(report)).toContain('Nothing was put: this was a dry run.');
  });

  test('can go into another index', async () => {
    const { bulk, documents } = server();
    await replay([line()], bulk, { index: 'pinpoint-again' });
    expect([...documents.keys()]).toEqual([`pinpoint-again/${ID}`]);
  });

  test('tells what OpenSearch refuses, once for each kind, and where it stands', async () => {
    const refusal = (id: string): BulkItem => ({
      status: 400,
      error: {
        type: 'mapper_parsing_exception',
        reason: `failed to parse field [arrival_timestamp] of type [date] in document with id '${id}'. Preview of field's value: '${id}x'`,
        caused_by: { type: 'illegal_argument_exception', reason: 'failed to parse date field' },
      },
    });
    const { bulk } = server([refusal]);
    const report = await replay([[line({ esDocumentId: '1' }), '', line({ esDocumentId: '2' })].join('\n')], bulk);
    expect(report.refused).toEqual([
      {
        reason:
          '400: mapper_parsing_exception: failed to parse field [arrival_timestamp] of type [date]. (illegal_argument_exception: failed to parse date field)',
        count: 2,
        examples: ['s3://bucket/0, line 1', 's3://bucket/0, line 3'],
      },
    ]);
    expect(isComplete(report)).toBe(false);
  });

  test('tries again what OpenSearch has no time for, and only that', async () => {
    const busy = (id: string): BulkItem | undefined => (id === '2' ? { status: 429 } : undefined);
    const { bulk, documents, requests } = server([busy, busy]);
    const slept: number[] = [];
    const texts = [['1', '2', '3'].map((id) => line({ esDocumentId: id })).join('\n')];
    const report = await replay(texts, bulk, { sleep: async (ms) => void slept.push(ms) });
    expect(requests.map(({ length }) => length / 2)).toEqual([3, 1, 1]);
    expect([slept, report.stored, documents.size]).toEqual([[1_000, 2_000], 3, 3]);
  });

  test('stops when OpenSearch has no time for long, and tells what is there', async () => {
    const busy = (): BulkItem => ({ status: 503 });
    const { bulk } = server([busy, busy, busy, busy, busy]);
    const stopped = await replay([line()], bulk).catch((error: unknown) => error);
    expect(stopped).toMatchObject({
      name: 'ReplayStopped',
      message: 'OpenSearch has no time for 1 documents.',
      report: { documents: 1, stored: 0 },
    });
  });

  test('stops when OpenSearch is away', async () => {
    const bulk = () => Promise.reject(new Error('connect ECONNREFUSED'));
    await expect(replay([line()], bulk)).rejects.toMatchObject({
      name: 'ReplayStopped',
      cause: { message: 'connect ECONNREFUSED' },
    });
  });

  test('is of bulk requests that every domain takes', async () => {
    const { bulk, requests } = server();
    const many = Array.from({ length: 1_100 }, (_, at) => line({ esDocumentId: String(at) }));
    const large = Array.from({ length: 9 }, (_, at) => line({ esDocumentId: `x${at}` }, `{"a":"${'x'.repeat(1e6)}"}`));
    const report = await replay([many.join('\n'), large.join('\n')], bulk);
    expect(report.stored).toBe(1_109);
    expect(Math.max(...requests.map(({ length }) => length))).toBe(1_000);
    const sizes = requests.map((lines) => Buffer.byteLength(lines.join('\n')));
    expect(Math.max(...sizes)).toBeLessThan(5 * 1024 * 1024);
  });
});

test('records that are no single JSON object are named, and spoil nobody’s request', async () => {
  const { bulk, documents } = server();
  const records = ['no json', '{"a":1}{"a":2}', '[1]', '"text"', 'null', '', '{"fine":1}'];
  const text = records.map((record, at) => line({ esDocumentId: String(at) }, record)).join('\n');
  const report = await replay([text], bulk);
  expect([...documents.values()]).toEqual(['{"fine":1}']);
  expect(report.unfit).toEqual([
    {
      reason: 'its record is not one JSON object',
      count: 6,
      examples: ['s3://bucket/0, line 1', 's3://bucket/0, line 2', 's3://bucket/0, line 3'],
    },
  ]);
});

test.each([
  ['{"lambdaArn":"arn","rawData":"e30="}', 'it has no esIndexName'],
  ['{"esIndexName":"pinpoint"}', 'it has no rawData'],
  ['{"attempts', 'it is not JSON'],
  ['7', 'it is no object'],
])('the line %s is no failed document: %s', async (text, reason) => {
  const { bulk, requests } = server();
  const report = await replay([text], bulk);
  expect(report.unreadable).toEqual([{ reason, count: 1, examples: ['s3://bucket/0, line 1'] }]);
  expect([report.documents, requests.length]).toEqual([0, 0]);
});

test('members are read as numbers and as texts, as AWS writes and documents them', () => {
  expect(readFailedDocument(line({ arrivalTimestamp: '1589790125123' }))).toEqual(readFailedDocument(line()));
});

test('any JSON object becomes one line with the same meaning', () => {
  fc.assert(
    fc.property(fc.object(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const made = documentLine(Buffer.from(text.replaceAll('\n', '\r\n')));
      expect(made).not.toMatch(/[\r\n]/);
      expect(JSON.parse(made ?? '')).toEqual(JSON.parse(text));
    }),
  );
});
