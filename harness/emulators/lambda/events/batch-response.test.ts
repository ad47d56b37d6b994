import { describe, expect, test } from 'vitest';
import { judgeBatchResponse } from './batch-response.ts';

const ITEMS = new Set(['a', 'b', 'c']);
const judge = (payload: string) => judgeBatchResponse(Buffer.from(payload), ITEMS);

describe('complete success', () => {
  test.each([
    ['an empty list of failures', '{"batchItemFailures":[]}'],
    ['a null list of failures', '{"batchItemFailures":null}'],
    ['an empty object', '{}'],
    ['an object that says nothing of failures', '{"statusCode":200}'],
    ['null', 'null'],
    ['an empty string', '""'],
    ['an empty list', '[]'],
    ['nothing at all', ''],
  ])('%s', (_, payload) => {
    expect(judge(payload)).toEqual({ kind: 'success' });
  });
});

describe('complete failure', () => {
  test.each([
    ['what is no JSON', '(lambda: 1 + 1)', 'the response is not valid JSON'],
    ['a text', '"failed"', 'the response is not a JSON object'],
    ['a number', '7', 'the response is not a JSON object'],
    ['failures that are no list', '{"batchItemFailures":{"itemIdentifier":"a"}}', 'batchItemFailures is not a list'],
    ['an empty identifier', '{"batchItemFailures":[{"itemIdentifier":""}]}', 'an itemIdentifier is empty'],
    ['a null identifier', '{"batchItemFailures":[{"itemIdentifier":null}]}', 'an itemIdentifier is empty'],
    ['a bad key name', '{"batchItemFailures":[{"foo":"a"}]}', 'an item of batchItemFailures has no itemIdentifier'],
    ['a null item', '{"batchItemFailures":[null]}', 'an item of batchItemFailures has no itemIdentifier'],
    [
      'an identifier of no item, though others are',
      '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"x"}]}',
      'the itemIdentifier "x" is not of this batch',
    ],
    [
      'a number for an identifier',
      '{"batchItemFailures":[{"itemIdentifier":123}]}',
      'the itemIdentifier 123 is not of this batch',
    ],
  ])('%s', (_, payload, reason) => {
    expect(judge(payload)).toEqual({ kind: 'failure', reason: `partial batch response refused: ${reason}` });
  });
});

test('items named once or more often are those that failed', () => {
  const payload = '{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"},{"itemIdentifier":"a"}]}';
  expect(judge(payload)).toEqual({ kind: 'partial', failed: new Set(['c', 'a']) });
});
