import { expect, test } from 'vitest';
import { readQueued } from './async.ts';

const QUEUED = {
  sender: '050',
  request_id: 'r-1',
  received_at: 1_643_262_505_123,
  content_type: 'application/x-www-form-urlencoded; charset=euc-kr',
  body: 'memo=%BB%F3%B4%E3',
};

test('every run makes the same record of a request', () => {
  const record = { sender: '050', via: 'async', request_id: 'r-1', received_at: 1_643_262_505_123 };
  expect(readQueued(QUEUED)).toEqual({ ...record, event: '{"memo":"상담"}' });
  expect(readQueued(QUEUED)).toEqual(readQueued(QUEUED));
});

test.each([
  ['no name of a sender', { sender: 'A' }],
  ['no event', { body: '' }],
  ['neither JSON nor a form', { content_type: 'text/plain' }],
])('%s fails the run, so that the request ends in the queue of failures', (_what, members) => {
  expect(() => readQueued({ ...QUEUED, ...members })).toThrow(expect.objectContaining({ name: 'Refusal' }));
});
