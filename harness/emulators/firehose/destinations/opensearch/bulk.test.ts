import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../clock/index.ts';
import { makeRun, type Run, recordsOf } from '../../runs.ts';
import { bulkRequests, type Document, documentsOf, firehoseDocumentNames, recordOf, runsOf } from './bulk.ts';
import { MAX_BULK_BYTES } from './limits.ts';

const BATCH_ID = '00000000-0000-0000-0000-000000000010';

function runOf(arrival: number, ...records: (string | Uint8Array)[]): Run {
  const data = records.map((record) => (typeof record === 'string' ? Buffer.from(record) : record));
  return makeRun({ arrival, data, ids: { series: `put/s/${arrival}`, from: 0, to: data.length }, cause: arrival });
}

const byArrival = (arrival: number) => `i-${arrival}`;
const bodies = (
  documents: readonly Document[],
  maxBytes = MAX_BULK_BYTES,
  names = (): string | undefined => undefined,
) => [...bulkRequests(documents, names, maxBytes)].map(({ body }) => body.toString());

describe('a bulk request', () => {
  test('has an index operation for each record, with the record’s own bytes', () => {
    const { sendable } = documentsOf({ runs: [runOf(1, '{"a": 1}', '{"나":"물"}'), runOf(2, '{}')] }, byArrival);
    const names = firehoseDocumentNames({ id: BATCH_ID });
    const [body] = [...bulkRequests(sendable, names, MAX_BULK_BYTES)].map((request) => request.body.toString());
    expect(body).toBe(
      '{"index":{"_index":"i-1","_id":"49000000000000000000000000000000000000016000000000000000.0"}}\n' +
        '{"a": 1}\n' +
        '{"index":{"_index":"i-1","_id":"49000000000000000000000000000000000000016000000000000001.0"}}\n' +
        '{"나":"물"}\n' +
        '{"index":{"_index":"i-2","_id":"49000000000000000000000000000000000000016000000000000002.0"}}\n' +
        '{}\n',
    );
  });

  test('leaves the name of the document to the domain where told so', () => {
    const { sendable } = documentsOf({ runs: [runOf(1, '{}')] }, () => 'a "b"');
    expect(bodies(sendable)).toEqual(['{"index":{"_index":"a \\"b\\""}}\n{}\n']);
  });

  test('leaves out newlines at the end of a record', () => {
    const { sendable, malformed } = documentsOf({ runs: [runOf(1, '{}\n', '{}\r\n\n', '\n', '')] }, byArrival);
    expect(malformed).toEqual([]);
    const action = '{"index":{"_index":"i-1"}}\n';
    expect(bodies(sendable)).toEqual([`${action}{}\n${action}{}\n${action}\n${action}\n`]);
  });

  test.each([
    ['two objects on two lines', '{"a":1}\n{"a":2}'],
    ['an object over several lines', '{\n"a":1\n}\n'],
    ['a newline in front', '\n{"a":1}'],
    ['an operation that is smuggled in', '{}\n{"delete":{"_index":"i-1","_id":"1"}}\n'],
  ])('never has a record with a newline inside: %s', (_, record) => {
    const { sendable, malformed } = documentsOf({ runs: [runOf(1, '{"n":1}', record, '{"n":3}')] }, byArrival);
    expect(malformed.map(({ position }) => position)).toEqual([1]);
    expect(sendable.map(({ position }) => position)).toEqual([0, 2]);
  });

  test('is made in time for a domain that takes 10 MiB', () => {
    const runs = [runOf(1, ...Array.from({ length: 25 }, () => Buffer.alloc(1_024_000, 'x')))];
    const requests = [...bulkRequests(documentsOf({ runs }, byArrival).sendable, () => 'id', MAX_BULK_BYTES)];
    expect(requests.map(({ documents }) => documents.length)).toEqual([10, 10, 5]);
    for (const { body } of requests) expect(body.length).toBeLessThanOrEqual(10_485_760);
  });
});

describe('ids of documents', () => {
  test('are 56 digits and .0, whatever the batch, and never the same for two records', () => {
    const random = createRandom('ids');
    const seen = new Set<string>();
    const batches = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    for (let n = 0; n < 100; n++) batches.push(random.uuid());
    const { sendable } = documentsOf({ runs: [runOf(1, ...Array.from({ length: 100 }, () => '{}'))] }, byArrival);
    for (const id of batches) {
      for (const document of sendable) {
        const name = firehoseDocumentNames({ id })(document) as string;
        expect(name).toMatch(/^\d{56}\.0$/);
        seen.add(name);
        expect(firehoseDocumentNames({ id })(document)).toBe(name);
      }
    }
    expect(seen.size).toBe(102 * 100);
  });
});

/** Records of every kind, many of them with newlines. */
const records = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ maxLength: 40 }).map((text) => Buffer.from(JSON.stringify({ text }))),
  fc
    .array(fc.constantFrom('{}', '\n', '\r', ' ', '{"index":{}}'), { maxLength: 6 })
    .map((parts) => Buffer.from(parts.join(''))),
);
const batches = fc
  .array(fc.array(records, { minLength: 1, maxLength: 8 }), { maxLength: 6 })
  .map((runs) => runs.map((data, n) => runOf(n, ...data)));

/** Takes a bulk request apart as OpenSearch does: by lines, an operation and a source in turn. */
function takenApart(body: Buffer): { index: string; id: string; source: Buffer }[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\n', at);
    if (end < 0) throw new Error('The last line has no end.');
    lines.push(body.subarray(at, end));
    at = end + 1;
  }
  const found = [];
  for (let n = 0; n < lines.length; n += 2) {
    const { _index: index, _id: id } = JSON.parse(String(lines[n])).index;
    found.push({ index, id, source: lines[n + 1] as Buffer });
  }
  return found;
}

/** What must hold of the requests that a batch becomes. */
function judge(runs: readonly Run[], maxBytes: number, split: typeof bulkRequests, apart = documentsOf): boolean {
  const names = firehoseDocumentNames({ id: BATCH_ID });
  const { sendable, malformed } = apart({ runs }, byArrival);
  const requests = [...split(sendable, names, maxBytes)];
  if (requests.some(({ body, documents }) => body.length > maxBytes && documents.length > 1)) return false;
  const all = [...recordsOf(runs)];
  const sent = requests.flatMap(({ body }) => takenApart(body));
  if (sent.length + malformed.length !== all.length) return false;
  return sent.every(({ index, id, source }, n) => {
    const document = sendable[n] as Document;
    const record = recordOf(document);
    const text = Buffer.from(record.data)
      .toString('latin1')
      .replace(/[\r\n]+$/, '');
    return (
      index === `i-${record.arrival}` &&
      id === names(document) &&
      source.toString('latin1') === text &&
      record.id === all[document.position]?.id
    );
  });
}

test('whatever the records are, each is sent once and whole, with its index and id, or is found malformed', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 600 }), (runs, maxBytes) => {
      expect(judge(runs, maxBytes, bulkRequests)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a builder that sends records with newlines, or forgets the limit, is caught', () => {
  const breaks = (...how: [typeof bulkRequests, typeof documentsOf]) =>
    fc.check(
      fc.property(batches, (runs) => {
        try {
          return judge(runs, 300, ...how);
        } catch {
          return false;
        }
      }),
      { seed: 6 },
    ).failed;
  const sendsAll: typeof documentsOf = (batch, indexOf) => {
    const { sendable, malformed } = documentsOf(batch, indexOf);
    return { sendable: [...sendable, ...malformed].sort((a, b) => a.position - b.position), malformed: [] };
  };
  const forgets: typeof bulkRequests = (documents, names) => bulkRequests(documents, names, 1e9);
  expect(breaks(bulkRequests, documentsOf)).toBe(false);
  expect(breaks(bulkRequests, sendsAll)).toBe(true);
  expect(breaks(forgets, documentsOf)).toBe(true);
});

test('chosen documents become parts of their runs again, with the same names in the same order', () => {
  fc.assert(
    fc.property(batches, fc.func(fc.boolean()), (runs, choose) => {
      const { sendable } = documentsOf({ runs }, byArrival);
      const chosen = sendable.filter(({ position }) => choose(position));
      expect([...recordsOf(runsOf(chosen))]).toEqual(chosen.map(recordOf));
    }),
  );
});

test('a run that is stored whole is not copied', () => {
  const runs = [runOf(1, '{}', '{}'), runOf(2, '{}')];
  expect(runsOf(documentsOf({ runs }, byArrival).sendable)).toEqual(runs);
  expect(runsOf(documentsOf({ runs }, byArrival).sendable)[0]).toBe(runs[0]);
});
