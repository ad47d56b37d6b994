import { describe, expect, test } from 'vitest';
import { parseErrorOutputPrefix, parsePrefix } from './prefix.ts';

// The texts of errors are AWS's own.
describe('parsePrefix', () => {
  test.each([
    ['a!{firehose:error-output-type}/', 'Prefix must not contain any occurrence of !{firehose:error-output-type}'],
    ['a!{timestamp:yyyy', 'Invalid expression usage'],
    ['a!{nothing}', 'Invalid expression usage'],
    ['a!{timestamp:}', 'Invalid expression usage'],
    ['!{partitionKeyFromQuery:}/', 'Invalid expression usage'],
    ['!{time:yyyy}!{', 'Namespace to the left of colon (time) is an invalid keyword!'],
    ['a!{firehose:something}', 'Invalid conversion character used in the value of the expression in Prefix'],
    ['a!{timestamp:CC}', 'Invalid conversion character used in the value of the expression in Prefix'],
    ['x'.repeat(513), 'Length of evaluated prefix cannot be greater than 512'],
    [`${'x'.repeat(509)}!{timestamp:yyyy}`, 'Length of evaluated prefix cannot be greater than 512'],
  ])('%s is refused', (prefix, message) => {
    expect(() => parsePrefix(prefix, 'S3')).toThrow(message);
  });

  test('the timestamp that is added does not count into the 512 characters', () => {
    expect(parsePrefix('x'.repeat(512), 'S3').hasExpressions).toBe(false);
    expect(parsePrefix(`${'x'.repeat(508)}!{timestamp:yyyy}`, 'S3').hasExpressions).toBe(true);
  });

  test('says which partition keys it uses', () => {
    expect(parsePrefix('!{partitionKeyFromQuery:a}/!{partitionKeyFromLambda:b}/', 'S3').partitionKeys).toMatchObject([
      { source: 'fromQuery', id: 'a' },
      { source: 'fromLambda', id: 'b' },
    ]);
  });
});

describe('parseErrorOutputPrefix', () => {
  test.each([
    [
      'failed/!{timestamp:yyyy}/',
      'ErrorOutputPrefix must contain at least one occurrence of !{firehose:error-output-type}',
    ],
    [
      '!{partitionKeyFromQuery:a}/!{firehose:error-output-type}/',
      "Dynamic Partitioning Namespaces can't be part of an error prefix expression",
    ],
    ['a!{timestamp:b}', 'Invalid conversion character used in the value of the expression in ErrorOutputPrefix'],
    [
      `${'x'.repeat(496)}!{firehose:error-output-type}`,
      'Length of evaluated ErrorOutputPrefix cannot be greater than 512',
    ],
  ])('%s is refused', (prefix, message) => {
    expect(() => parseErrorOutputPrefix(prefix, '', 'S3')).toThrow(message);
  });

  test.each([undefined, ''])('must be there when the prefix has expressions: %s', (errorOutputPrefix) => {
    expect(() => parseErrorOutputPrefix(errorOutputPrefix, '!{timestamp:yyyy}/', 'S3')).toThrow(
      'ErrorOutputPrefix cannot be null or empty when Prefix contains expressions',
    );
  });
});
