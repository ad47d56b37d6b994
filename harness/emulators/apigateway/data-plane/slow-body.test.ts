import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock, type Lock } from '../../../clock/index.ts';
import { streamBody } from '../../../edge/body.ts';
import type { EdgeRequest } from '../../../edge/http.ts';
import { bodyArrived } from './slow-body.ts';

const START = Date.parse('2022-01-27T05:48:25Z');
const AN_HOUR = 3_600_000;

let clock: ReturnType<typeof createClock>;
let source: PassThrough;
let lock: Lock;
let request: EdgeRequest;
beforeEach(async () => {
  clock = createClock();
  await clock.travelTo(START);
  source = new PassThrough();
  lock = clock.lock('POST /PROD/v1');
  request = { body: streamBody(source, {}), lock } as EdgeRequest;
});
afterEach(() => clock.close());

const held = () => clock.diagnostics().locks.map(({ name }) => name);

test('time goes by while a sender takes long over its body, and stands still again when it has come', async () => {
  source.write('{"value":');
  const arrived = bodyArrived(request, 0);
  await clock.advance(AN_HOUR);
  expect(clock.now()).toBe(START + AN_HOUR);
  source.end('30}');
  await arrived;
  expect(held()).toEqual(['POST /PROD/v1']);
  expect((await request.body.bytes()).toString()).toBe('{"value":30}');
  lock.release();
});

test('time stands still for a body that comes soon', async () => {
  const arrived = bodyArrived(request, AN_HOUR);
  const advanced = clock.advance(AN_HOUR);
  source.end('{}');
  await arrived;
  expect(held()).toEqual(['POST /PROD/v1']);
  expect(clock.now()).toBe(START);
  lock.release();
  await advanced;
});

test('what is wrong with a body is left to whoever reads it', async () => {
  const arrived = bodyArrived(request, AN_HOUR);
  source.destroy();
  await arrived;
  await expect(request.body.bytes()).rejects.toThrow('The client went away before its request was complete.');
  lock.release();
});
