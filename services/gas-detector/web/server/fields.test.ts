import { expect, test } from 'vitest';
import { readFields } from './fields.ts';

const type = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { type: name }]));
const GOOD = {
  date: type('date'),
  groupid: type('text'),
  'groupid.keyword': type('keyword'),
  'no2.value': type('double'),
};

test('numbers are found in the value or beside it; what nobody has sent is undefined', () => {
  const values = { no2: 'no2.value', co: undefined, c2h5oh: undefined, h2: undefined };
  expect(readFields(GOOD)).toEqual({ date: 'date', groupid: 'groupid.keyword', values });
  const beside = { ...GOOD, 'no2.value': type('text'), 'no2.value.number': type('double') };
  expect(readFields(beside).values.no2).toBe('no2.value.number');
  expect(readFields({})).toMatchObject({ date: undefined, groupid: undefined });
});

test('what cannot be charted is said by name', () => {
  expect(() => readFields({ ...GOOD, 'no2.value': type('text') })).toThrow(
    'The index has no2.value as text only, which cannot be charted. Its template must be there before the first reading is stored.',
  );
  expect(() => readFields({ ...GOOD, date: type('date', 'text') })).toThrow('The index has date as date and text only');
});
