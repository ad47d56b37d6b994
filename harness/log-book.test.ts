import { expect, test } from 'vitest';
import { LogBook } from './log-book.ts';

test('keeps the newest thousand lines of each component, apart', () => {
  const book = new LogBook(() => '2022-01-27T05:48:25.000Z');
  const firehose = book.of('firehose');
  for (let n = 0; n < 1500; n++) firehose.info(`line ${n}`);
  book.of('edge').error('broken', new Error('why'));
  expect(book.components()).toEqual(['firehose', 'edge']);
  const lines = book.newest('firehose', 5000);
  expect(lines).toHaveLength(1000);
  expect(lines.at(-1)).toBe('2022-01-27T05:48:25.000Z info  line 1499');
  expect(book.newest('edge', 1)[0]).toContain('error broken: Error: why');
  expect(book.newest('nobody', 1)).toEqual([]);
});
