import { expect, test } from 'vitest';
import { type CheckedCall, makeCalls } from './capabilities.ts';

const signal = new AbortController().signal;
const fine = async () => undefined;
const call = (name: string, more: Partial<CheckedCall> = {}): CheckedCall => ({
  name,
  purpose: 'a test',
  run: fine,
  ...more,
});

test('a server that answers everything lacks nothing', async () => {
  expect(await makeCalls('s3', [call('A'), call('B', { cleanUp: true })], signal)).toEqual([]);
});

test('an error and a wrong answer are both told, with the status that came', async () => {
  const refused = Object.assign(new Error('no such thing'), {
    name: 'NotImplemented',
    $metadata: { httpStatusCode: 501 },
  });
  const lacks = await makeCalls(
    's3',
    [call('A', { run: () => Promise.reject(refused) }), call('B', { run: async () => 'it lists nothing' }), call('C')],
    signal,
  );
  expect(lacks).toEqual([
    { call: 's3:A', purpose: 'a test', reason: '501 NotImplemented: no such thing' },
    { call: 's3:B', purpose: 'a test', reason: 'it lists nothing' },
  ]);
});

test('without a needed call the later ones are not tried, and what was made is removed all the same', async () => {
  const made: string[] = [];
  const note = (name: string) => async () => void made.push(name);
  const lacks = await makeCalls(
    'kinesis',
    [
      call('Create', { needed: true, run: async () => 'no' }),
      call('Put', { run: note('Put') }),
      call('Delete', { cleanUp: true, run: note('Delete') }),
    ],
    signal,
  );
  expect(made).toEqual(['Delete']);
  expect(lacks.map((lack) => lack.reason)).toEqual(['no', 'not tried without kinesis:Create']);
});

test('what cannot be removed of what was never made is no lack of its own', async () => {
  const lacks = await makeCalls(
    's3',
    [
      call('Create', { needed: true, run: async () => 'no' }),
      call('Delete', { cleanUp: true, run: () => Promise.reject(new Error('NoSuchBucket')) }),
    ],
    signal,
  );
  expect(lacks).toHaveLength(1);
});
