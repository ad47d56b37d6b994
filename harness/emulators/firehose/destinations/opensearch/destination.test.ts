import { describe, expect, test } from 'vitest';
import { recordsOf } from '../../runs.ts';
import type { Delivered } from '../destination.ts';
import { elasticsearchKind } from './index.ts';
import { type DomainAnswer, destinationBench, nameOf, runAt, START } from './testing.ts';

const ALL_STORED = { status: 200, body: { errors: false } };
const AWAY = { status: 503, body: '<html><body><b>Http/1.1 Service Unavailable</b></body> </html>' };
const CONFLICT = { type: 'mapper_parsing_exception', reason: 'failed to parse field [n] of type [long]' };
const BUSY = { type: 'rejected_execution_exception', reason: 'queue full' };
const MALFORMED =
  'One or more records are malformed. Please ensure that each record is single valid JSON object and that it does not contain newlines.';

/** The documents of a bulk request: those of the n-th action and source. */
const linesOf = (body: Buffer | string) => String(body).trimEnd().split('\n');
const sourcesOf = (body: Buffer | string) => linesOf(body).filter((_, n) => n % 2 === 1);
const actionsOf = (body: Buffer | string) =>
  linesOf(body)
    .filter((_, n) => n % 2 === 0)
    .map((line) => JSON.parse(line).index);

/** Answers for each document with what `statusOf` says of its source. */
const perDocument =
  (statusOf: (source: string, attempt: number) => number): DomainAnswer =>
  ({ body }, attempt) => {
    const items = sourcesOf(body).map((source) => {
      const status = statusOf(source, attempt);
      return { index: status < 300 ? { status } : { status, error: status === 429 ? BUSY : CONFLICT } };
    });
    return { status: 200, body: { errors: true, items } };
  };

const storedRecords = ({ stored }: Delivered) =>
  stored.flatMap(({ runs }) => [...recordsOf(runs)].map(({ data }) => Buffer.from(data).toString()));
const failedRecords = ({ failed }: Delivered) => failed.map(({ data }) => Buffer.from(data).toString());

describe('a batch', () => {
  test('is one signed bulk request to the domain, which the ledger hears of from the stream alone', async () => {
    const { deliver, requests } = await destinationBench(() => ALL_STORED);
    const delivered = await deliver(runAt(0, '{"n":1}', '{"n":2}'));
    expect(requests).toHaveLength(1);
    const { body, ...sent } = requests[0] as (typeof requests)[0];
    expect(sent).toMatchObject({
      service: 'es',
      region: 'us-east-1',
      method: 'POST',
      target: '/_aws/es/us-east-1/pinpoint/_bulk?filter_path=errors,items.*.status,items.*.error',
      headers: { 'content-type': 'application/x-ndjson', 'x-naetmul-observed': 'no' },
    });
    expect(actionsOf(body)).toEqual([0, 1].map((n) => ({ _index: 'pinpoint-2022-01-27', _id: nameOf(n) })));
    expect(sourcesOf(body)).toEqual(['{"n":1}', '{"n":2}']);
    expect(storedRecords(delivered)).toEqual(['{"n":1}', '{"n":2}']);
    expect(delivered.failed).toEqual([]);
  });

  test('that straddles midnight goes into two indices, each told of by itself', async () => {
    const { deliver, requests } = await destinationBench(() => ALL_STORED);
    const runs = [runAt(0, '{"n":1}'), runAt(30, '{"n":2}'), runAt(-1, '{"n":3}')];
    const delivered = await deliver(...runs);
    const days = ['pinpoint-2022-01-27', 'pinpoint-2022-01-28'];
    expect(actionsOf(requests[0]?.body ?? '').map(({ _index }) => _index)).toEqual([days[0], days[1], days[0]]);
    expect(delivered.stored).toEqual([
      { runs: [runs[0], runs[2]], into: [`opensearch/${days[0]}`], detail: { attempts: 1 } },
      { runs: [runs[1]], into: [`opensearch/${days[1]}`], detail: { attempts: 1 } },
    ]);
  });

  test('is cut into requests that the smallest domain takes', async () => {
    const { deliver, requests } = await destinationBench(() => ALL_STORED);
    const record = JSON.stringify({ pad: 'x'.repeat(1_000_000) });
    await deliver(runAt(0, ...Array.from({ length: 25 }, () => record)));
    expect(requests.map(({ body }) => actionsOf(body).length)).toEqual([10, 10, 5]);
  });
});

describe('a document that the domain refuses', () => {
  test('fails by itself, at once, with what the domain said, and its neighbours are stored', async () => {
    const { deliver, requests, reported } = await destinationBench(
      perDocument((source) => (source === '"b"' ? 400 : 201)),
    );
    const delivered = await deliver(runAt(0, 'a', '"b"', 'c'), runAt(1, '"b"'));
    expect(storedRecords(delivered)).toEqual(['a', 'c']);
    expect(requests).toHaveLength(1);
    expect(delivered.failed[0]).toEqual({
      name: { series: 'put/s/0/', from: 1, to: 2 },
      cause: 1,
      data: Buffer.from('"b"'),
      arrival: START,
      type: 'AmazonOpenSearchService-failed',
      attemptsMade: 1,
      errorCode: '400',
      errorMessage: JSON.stringify(CONFLICT),
      attemptEndingTimestamp: START,
      before: { esDocumentId: nameOf(1), esIndexName: 'pinpoint-2022-01-27', esTypeName: '' },
    });
    expect(delivered.failed[1]?.name).toEqual({ series: 'put/s/1/', from: 0, to: 1 });
    expect(delivered.failed).toHaveLength(2);
    expect(reported).toEqual([`OS.ServiceException: ${JSON.stringify(CONFLICT)}`]);
  });

  test('is tried for the whole retry duration first where told so', async () => {
    const { deliver, requests } = await destinationBench(
      perDocument((source) => (source === 'b' ? 400 : 201)),
      {
        request: { RetryOptions: { DurationInSeconds: 5 } },
        options: { refusedDocuments: 'after-retries' },
      },
    );
    const delivered = await deliver(runAt(0, 'a', 'b'));
    expect(requests.map(({ at }) => at)).toEqual([0, 1, 3, 5]);
    expect(requests.slice(1).map(({ body }) => sourcesOf(body))).toEqual([['b'], ['b'], ['b']]);
    expect(delivered.failed).toMatchObject([{ attemptsMade: 4, attemptEndingTimestamp: START + 5000 }]);
  });

  test('is put into the folder that was chosen', async () => {
    const { deliver } = await destinationBench(
      perDocument(() => 400),
      { options: { failedDocumentsFolder: 'elasticsearch-failed' } },
    );
    expect((await deliver(runAt(0, 'a'))).failed).toMatchObject([{ type: 'elasticsearch-failed' }]);
  });
});

describe('a document that the domain has no room for', () => {
  test.each([429, 500, 503])('with %i is tried again, alone and under the same id', async (status) => {
    const { deliver, requests } = await destinationBench(
      perDocument((source, attempt) => (source === 'b' && attempt < 3 ? status : 201)),
    );
    const delivered = await deliver(runAt(0, 'a', 'b', 'c'));
    expect(requests.map(({ body }) => sourcesOf(body))).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
    expect(requests.slice(1).map(({ body }) => actionsOf(body)[0]._id)).toEqual([nameOf(1), nameOf(1)]);
    expect(storedRecords(delivered)).toEqual(['a', 'b', 'c']);
    expect(delivered.failed).toEqual([]);
  });

  test('fails when the retry duration is over', async () => {
    const { deliver } = await destinationBench(
      perDocument((source) => (source === 'b' ? 429 : 201)),
      { request: { RetryOptions: { DurationInSeconds: 2 } } },
    );
    expect((await deliver(runAt(0, 'a', 'b'))).failed).toMatchObject([
      { attemptsMade: 3, errorCode: '429', errorMessage: JSON.stringify(BUSY) },
    ]);
  });
});

describe('a domain that takes no request', () => {
  test('is tried for five minutes by default, the first attempt included, after ever longer pauses', async () => {
    const { deliver, requests, clock } = await destinationBench(() => AWAY);
    const delivered = await deliver(runAt(0, 'a', 'b'));
    expect(requests.map(({ at }) => at)).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 300]);
    expect(clock.now()).toBe(START + 300_000);
    expect(delivered.stored).toEqual([]);
    expect(delivered.failed).toHaveLength(2);
    expect(delivered.failed[1]).toMatchObject({
      attemptsMade: 11,
      errorCode: '503',
      errorMessage: AWAY.body,
      attemptEndingTimestamp: START + 300_000,
    });
  });

  test('is not tried again with a retry duration of zero', async () => {
    const { deliver, requests } = await destinationBench(() => AWAY, {
      request: { RetryOptions: { DurationInSeconds: 0 } },
    });
    expect((await deliver(runAt(0, 'a'))).failed).toMatchObject([{ attemptsMade: 1 }]);
    expect(requests).toHaveLength(1);
  });

  test('gets everything when it is back in time', async () => {
    const { deliver, requests } = await destinationBench((_, attempt) => (attempt < 4 ? AWAY : ALL_STORED));
    const delivered = await deliver(runAt(0, 'a', 'b'));
    expect(storedRecords(delivered)).toEqual(['a', 'b']);
    expect(requests).toHaveLength(4);
  });

  test.each([
    [400, 'OS.ServiceException'],
    [401, 'OS.AccessDenied'],
    [403, 'OS.AccessDenied'],
    [404, 'OS.ServiceException'],
    [413, 'OS.ServiceException'],
    [429, 'OS.ServiceException'],
  ])('with %i is tried again as well, and its answer is reported each time as %s', async (status, code) => {
    const body = { Message: 'no' };
    const { deliver, reported } = await destinationBench((_, attempt) => (attempt < 3 ? { status, body } : ALL_STORED));
    expect(storedRecords(await deliver(runAt(0, 'a')))).toEqual(['a']);
    expect(reported).toEqual([`${code}: {"Message":"no"}`, `${code}: {"Message":"no"}`]);
  });

  test('because the connection breaks is tried again, too', async () => {
    const { deliver, reported } = await destinationBench(() => {
      throw new Error('The connection was reset.');
    });
    expect((await deliver(runAt(0, 'a'))).failed).toMatchObject([
      { errorCode: 'OS.ConnectionFailed', errorMessage: 'The connection was reset.', attemptsMade: 11 },
    ]);
    expect(reported[0]).toBe('OS.ConnectionFailed: The connection was reset.');
  });

  test('for one of several requests does not keep the others’ documents', async () => {
    const record = JSON.stringify({ pad: 'x'.repeat(1_000_000) });
    const { deliver, requests } = await destinationBench((_, attempt) => (attempt === 2 ? AWAY : ALL_STORED));
    const delivered = await deliver(runAt(0, ...Array.from({ length: 25 }, () => record)));
    expect(requests.map(({ body }) => actionsOf(body).length)).toEqual([10, 10, 5, 10]);
    expect(actionsOf(requests[3]?.body ?? '')).toEqual(actionsOf(requests[1]?.body ?? ''));
    // In the order in which they came, as parts of what came together.
    expect(storedRecords(delivered)).toHaveLength(25);
    expect(delivered.stored).toMatchObject([{ runs: [{ bytes: 25 * record.length }], detail: { attempts: 2 } }]);
  });

  test('stops being tried when the stream is stopped, with nothing said of the records', async () => {
    const { deliver, stopping, requests } = await destinationBench((_, attempt) => {
      if (attempt === 2) stopping.abort();
      return AWAY;
    });
    await expect(deliver(runAt(0, 'a'))).rejects.toThrow('This operation was aborted');
    expect(requests).toHaveLength(2);
  });
});

describe('an answer that is lost after the documents are stored', () => {
  /** A domain that keeps what it is sent, and whose first answer never comes. */
  const forgetful = () => {
    const index = new Map<string, string>();
    const answer: DomainAnswer = ({ body }, attempt) => {
      const sources = sourcesOf(body);
      for (const [n, { _id = `own-${index.size}` }] of actionsOf(body).entries()) index.set(_id, sources[n] as string);
      if (attempt === 1) throw new Error('The connection was reset.');
      return ALL_STORED;
    };
    return { index, answer };
  };

  test('makes no copies, since a document keeps its id', async () => {
    const { index, answer } = forgetful();
    const delivered = await (await destinationBench(answer)).deliver(runAt(0, 'a', 'b'));
    expect(storedRecords(delivered)).toEqual(['a', 'b']);
    expect([...index]).toEqual([
      [nameOf(0), 'a'],
      [nameOf(1), 'b'],
    ]);
  });

  test('makes copies where the domain names the documents', async () => {
    const { index, answer } = forgetful();
    const { deliver } = await destinationBench(answer, {
      request: { DocumentIdOptions: { DefaultDocumentIdFormat: 'NO_DOCUMENT_ID' } },
    });
    expect(storedRecords(await deliver(runAt(0, 'a', 'b')))).toEqual(['a', 'b']);
    expect([...index.values()]).toEqual(['a', 'b', 'a', 'b']);
  });
});

describe('a record with a newline inside', () => {
  test('is never sent, and fails by itself in Firehose’s words', async () => {
    const { deliver, requests, reported } = await destinationBench(() => ALL_STORED);
    const delivered = await deliver(runAt(0, '{"n":1}\n', '{"n":2}\n{"n":3}', '{"n":4}'));
    expect(sourcesOf(requests[0]?.body ?? '')).toEqual(['{"n":1}', '{"n":4}']);
    expect(storedRecords(delivered)).toEqual(['{"n":1}\n', '{"n":4}']);
    expect(failedRecords(delivered)).toEqual(['{"n":2}\n{"n":3}']);
    expect(delivered.failed).toMatchObject([
      { errorCode: '400', errorMessage: MALFORMED, attemptsMade: 1, before: { esDocumentId: nameOf(1) } },
    ]);
    expect(reported).toEqual([`OS.MalformedData: ${MALFORMED}`]);
  });

  test('does not wait for what is tried again', async () => {
    const { deliver } = await destinationBench(() => AWAY);
    expect((await deliver(runAt(0, 'a', '\n{}'))).failed).toMatchObject([
      { attemptEndingTimestamp: START + 300_000 },
      { attemptEndingTimestamp: START },
    ]);
  });

  test('alone makes no request at all', async () => {
    const { deliver, requests } = await destinationBench(() => ALL_STORED);
    expect(failedRecords(await deliver(runAt(0, '\n{}')))).toEqual(['\n{}']);
    expect(requests).toEqual([]);
  });

  test('comes after those before it among the failed', async () => {
    const { deliver } = await destinationBench(perDocument(() => 400));
    expect(failedRecords(await deliver(runAt(0, 'a', '\n{}', 'b')))).toEqual(['a', '\n{}', 'b']);
  });
});

test('a destination by the service’s old name speaks of Elasticsearch', async () => {
  const { deliver, reported, destination } = await destinationBench(() => ALL_STORED, { kind: elasticsearchKind });
  await deliver(runAt(0, '\n{}'));
  expect(reported).toEqual([`ES.MalformedData: ${MALFORMED}`]);
  expect(destination.metricPrefix).toBe('DeliveryToElasticsearch');
});
