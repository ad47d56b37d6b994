import { describe, expect, test } from 'vitest';
import { matches, nextIndex, verdictOf } from './mapping.ts';

const dated = { properties: { arrival_timestamp: { type: 'date' } } };
const template = (order: number, patterns: string[], mappings = {}) => ({ order, index_patterns: patterns, mappings });
const NAME = 'pinpoint-2020-05-19';

test.each([
  [[], 'empty'],
  [[undefined], 'untimed'],
  [['date', undefined, 'date'], 'date'],
  [['long'], 'wrong'],
  [['long', 'text'], 'wrong'],
  [['date', 'long'], 'conflict'],
])('indices with %o are told as %s', (types, verdict) => {
  expect(verdictOf(types)).toBe(verdict);
});

describe('the next index', () => {
  test('has the workshop’s date', () => {
    const legacy = { default_template: template(1, ['pinpoint*'], dated) };
    expect(nextIndex(NAME, legacy, {})).toEqual({ name: NAME, template: 'default_template', type: 'date' });
  });

  test('has what the template of the highest order says of the field', () => {
    const legacy = {
      low: template(0, ['*'], { properties: { arrival_timestamp: { type: 'keyword' } } }),
      high: template(5, ['pin*'], dated),
      higher: template(9, ['pinpoint-*'], { properties: { event_type: { type: 'keyword' } } }),
      foreign: template(20, ['logs-*'], { properties: { arrival_timestamp: { type: 'long' } } }),
    };
    expect(nextIndex(NAME, legacy, {})).toMatchObject({ template: 'high', type: 'date' });
  });

  test('has nothing of them beside a composable template', () => {
    const legacy = { default_template: template(1, ['pinpoint*'], dated) };
    expect(nextIndex(NAME, legacy, { template: { mappings: {} } })).toMatchObject({ template: undefined });
    expect(nextIndex(NAME, {}, { template: { mappings: dated } })).toMatchObject({ type: 'date' });
  });

  test('has nothing without a template', () => {
    expect(nextIndex(NAME, {}, {})).toEqual({ name: NAME, template: undefined, type: undefined });
  });
});

test('only * is special in a pattern', () => {
  expect(matches('pinpoint*', 'pinpoint-2020-05-18')).toBe(true);
  expect(matches('pin*-18', 'pinpoint-2020-05-18')).toBe(true);
  expect(matches('pinpoint.', 'pinpoint-')).toBe(false);
  expect(matches('pinpoint', 'pinpoint-2020-05-18')).toBe(false);
  expect(matches('pinpoint*', '.opensearch/pinpoint')).toBe(false);
});
