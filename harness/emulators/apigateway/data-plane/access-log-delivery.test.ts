import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ClockControl, createClock, createRandom } from '../../../clock/index.ts';
import type { InternalRequest, InternalResponse } from '../../../edge/emulator.ts';
import { ACCOUNT, json, REGION } from '../testing.ts';
import { AccessLogDelivery, MAX_WAITING } from './access-log-delivery.ts';

const ARN = `arn:aws:firehose:${REGION}:${ACCOUNT}:deliverystream/amazon-apigateway-access`;
const NOT_FOUND = json(400, { __type: 'ResourceNotFoundException', message: 'Firehose access not found.' });
const NOT_TAKEN = `Lines of access logs are dropped that ${ARN} does not take:`;

let clock: ClockControl;
let warnings: string[];
/** The lines of each put. */
let puts: string[][];
let respond: (lines: string[], request: InternalRequest) => InternalResponse | Promise<InternalResponse>;
let delivery: AccessLogDelivery;
beforeEach(async () => {
  clock = createClock();
  await clock.hold();
  warnings = [];
  puts = [];
  respond = (lines) => taken(lines);
  delivery = new AccessLogDelivery({
    clock,
    random: createRandom('access logs'),
    ledger: { append: () => 1 },
    aws: {
      emulates: () => false,
      client() {
        throw new Error('Access logs are sent as raw requests.');
      },
      async send(request) {
        const { Records } = JSON.parse(request.body.toString()) as { Records: { Data: string }[] };
        const lines = Records.map(({ Data }) => Buffer.from(Data, 'base64').toString());
        puts.push(lines);
        return await respond(lines, request);
      },
    },
    dataDir: '/nowhere',
    log: { info() {}, warn: (message) => void warnings.push(message), error: (message) => void warnings.push(message) },
    defaults: { region: REGION, accountId: ACCOUNT },
  });
});
afterEach(() => clock.close());

const taken = (lines: readonly string[]) =>
  json(200, { FailedPutCount: 0, RequestResponses: lines.map(() => ({ RecordId: 'r' })) });

test('the first line goes at once, what comes meanwhile goes together, at most 500 lines', async () => {
  delivery.add(ARN, 'first');
  for (let n = 0; n < 600; n++) delivery.add(ARN, `${n}`);
  await clock.settled();
  expect(puts.map(({ length }) => length)).toEqual([1, 500, 100]);
  expect(puts.flat()).toEqual(['first', ...Array.from({ length: 600 }, (_, n) => `${n}`)]);
  delivery.add(ARN, 'last');
  await clock.settled();
  expect(puts.at(-1)).toEqual(['last']);
});

test('what was refused of a batch is put again, after one second, before what came later', async () => {
  let first = true;
  respond = (lines) => {
    if (!first) return taken(lines);
    first = false;
    const ErrorCode = 'ServiceUnavailableException';
    return json(200, { FailedPutCount: 1, RequestResponses: [{ ErrorCode, ErrorMessage: 'Slow down.' }] });
  };
  delivery.add(ARN, 'a');
  await clock.settled();
  delivery.add(ARN, 'b');
  await clock.advance(999);
  expect(puts).toEqual([['a']]);
  await clock.advance(1);
  expect(puts).toEqual([['a'], ['a', 'b']]);
  expect(warnings).toEqual([]);
});

test.each([
  ['the service is unavailable', () => json(503, { __type: 'ServiceUnavailableException', message: 'Slow down.' })],
  [
    'the connection is lost',
    () => {
      throw new Error('ServiceUnavailableException: Slow down.');
    },
  ],
])('while %s it is tried six times, and then dropped with one warning', async (_when, answer) => {
  respond = answer;
  delivery.add(ARN, 'a');
  await clock.advance(30_999);
  expect([puts.length, warnings]).toEqual([5, []]);
  await clock.advance(1);
  expect([puts.length, warnings]).toEqual([6, [`${NOT_TAKEN} ServiceUnavailableException: Slow down.`]]);
  await clock.advance(3_600_000);
  expect(puts).toHaveLength(6);
});

test('a stream that is not there is not tried again, and warned of once until it takes something', async () => {
  respond = () => NOT_FOUND;
  for (const line of ['a', 'b']) {
    delivery.add(ARN, line);
    await clock.advance(60_000);
  }
  const warning = `${NOT_TAKEN} ResourceNotFoundException: Firehose access not found.`;
  expect([puts, warnings]).toEqual([[['a'], ['b']], [warning]]);
  respond = taken;
  delivery.add(ARN, 'c');
  await clock.settled();
  respond = () => NOT_FOUND;
  delivery.add(ARN, 'd');
  await clock.settled();
  expect(warnings).toEqual([warning, warning]);
});

test('what waits is bounded', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  respond = async (lines) => {
    await promise;
    return taken(lines);
  };
  for (let n = 0; n < MAX_WAITING + 3; n++) delivery.add(ARN, 'x');
  expect(warnings).toEqual([`${NOT_TAKEN} more than ${MAX_WAITING} lines wait`]);
  resolve();
  await clock.settled();
  expect(puts.flat()).toHaveLength(MAX_WAITING + 1);
});

test('once cleared nothing waits and nothing holds the clock, and it can be used again', async () => {
  respond = (_lines, { signal }) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  delivery.add(ARN, 'under way');
  await Promise.resolve();
  delivery.add(ARN, 'waiting');
  expect(clock.diagnostics().locks).toHaveLength(1);
  delivery.clear();
  await clock.settled();
  respond = () => json(503, {});
  delivery.add(ARN, 'to be tried again');
  await clock.settled();
  expect(clock.diagnostics().timers).toHaveLength(1);
  delivery.clear();
  await clock.settled();
  expect(clock.diagnostics()).toMatchObject({ locks: [], timers: [] });
  respond = taken;
  delivery.add(ARN, 'new');
  await clock.settled();
  expect(puts).toEqual([['under way'], ['to be tried again'], ['new']]);
  expect(warnings).toEqual([]);
});
