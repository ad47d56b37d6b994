import { expect, test } from 'vitest';
import { matches } from './topic-filter.ts';

test.each<[string, string, boolean]>([
  ['pi/1', 'pi/1', true],
  ['pi/+', 'pi/1', true],
  ['pi/+', 'pi/', true],
  ['pi/+', 'pi/1/no2', false],
  ['pi/#', 'pi/1/no2', true],
  ['pi/#', 'pi/', true],
  ['pi/#', 'pi', false],
  ['#', 'pi', true],
  ['#', '$aws/things', false],
  ['+/things', '$aws/things', false],
  ['$aws/+', '$aws/things', true],
  ['+/1', 'pi/2', false],
])('%s and %s: %s', (filter, topic, expected) => {
  expect(matches(filter, topic)).toBe(expected);
});
