import { expect, test } from 'vitest';
import { filterProblem, topicProblem } from './topics.ts';

const levels = (count: number) => Array.from({ length: count }, (_, at) => at).join('/');

test.for([
  ['pi/1', undefined],
  ['/', undefined],
  [levels(8), undefined],
  [levels(9), 'it has more than 7 slashes'],
  ['x'.repeat(256), undefined],
  ['x'.repeat(257), 'it is longer than 256 bytes'],
  ['냇'.repeat(86), 'it is longer than 256 bytes'],
  ['', 'it is empty'],
  ['a\0b', 'it has a NUL character'],
  ['pi/+', 'it has a wildcard'],
  ['pi/#', 'it has a wildcard'],
  ['$SYS/x', 'topics that begin with $ are reserved'],
  ['$aws/events/presence/connected/pi-1', 'topics that begin with $ are reserved'],
  [`$aws/rules/detect/${levels(8)}`, undefined],
  [`$aws/rules/detect/${levels(9)}`, 'it has more than 7 slashes'],
] as const)('publishing to "%s": %s', ([topic, problem]) => {
  expect(topicProblem(topic)).toBe(problem);
});

const NO_WILDCARD = 'a wildcard must be a whole level, and # the last one';
const RESERVED = 'of the reserved topics, which begin with $, naetmul has only $aws/events/';

test.for([
  ['#', undefined],
  ['+', undefined],
  ['+/+/#', undefined],
  ['pi/#', undefined],
  ['a+', NO_WILDCARD],
  ['a/b+/c', NO_WILDCARD],
  ['#/a', NO_WILDCARD],
  ['a#', NO_WILDCARD],
  ['a/##', NO_WILDCARD],
  ['', 'it is empty'],
  [levels(9), 'it has more than 7 slashes'],
  ['x'.repeat(257), 'it is longer than 256 bytes'],
  ['$aws/events/presence/+/#', undefined],
  ['$aws/things/pi-1/shadow/get', RESERVED],
  ['$SYS/#', RESERVED],
] as const)('subscribing to "%s": %s', ([filter, problem]) => {
  expect(filterProblem(filter)).toBe(problem);
});
