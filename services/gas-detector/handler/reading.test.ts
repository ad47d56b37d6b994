import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idOf, judge, MAX_BODY_BYTES, WARNING_FROM } from './reading.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../../fixtures/gas-detector/${name}`, import.meta.url), 'utf8');
const WORKSHOP = JSON.parse(fixture('workshop.json'));
const withNo2 = (value: unknown) => ({ ...WORKSHOP, no2: { ...WORKSHOP.no2, value } });

interface Value {
  readonly value: unknown;
  readonly becomes: 'stored' | 'warned' | 'refused';
}

const VALUES = fixture('no2-values.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Value);

describe('an NO₂ value of', () => {
  test.each(VALUES)('$value is $becomes', ({ value, becomes }) => {
    const { good, warning } = judge(JSON.stringify(withNo2(value)));
    expect({ good, warning }).toEqual({ good: becomes !== 'refused', warning: becomes === 'warned' });
  });
});

test.each([
  ['no JSON', '{"groupid":', 'the body is not JSON'],
  ['nothing', '', 'the body is not JSON'],
  ['a form', 'groupid=2&no2=88', 'the body is not JSON'],
  ['an array', '[]', 'the body is not a JSON object'],
  ['null', 'null', 'the body is not a JSON object'],
  ['a text', '"88"', 'the body is not a JSON object'],
  ['no NO₂', JSON.stringify({ ...WORKSHOP, no2: undefined }), 'no2 is missing'],
  ['no NO₂ but null', JSON.stringify({ ...WORKSHOP, no2: null }), 'no2 is missing'],
  ['no sensor at all', '{}', 'co is missing; no2 is missing; c2h5oh is missing; h2 is missing'],
  [
    'two sensors missing',
    JSON.stringify({ ...WORKSHOP, co: undefined, h2: undefined }),
    'co is missing; h2 is missing',
  ],
  ['a number for a sensor', JSON.stringify({ ...WORKSHOP, h2: 400 }), 'h2 is not a JSON object'],
  ['a list for a sensor', JSON.stringify({ ...WORKSHOP, h2: [] }), 'h2 is not a JSON object'],
  ['a sensor without a value', JSON.stringify({ ...WORKSHOP, co: { sensorid: '0005' } }), 'co.value is missing'],
  ['a word', JSON.stringify(withNo2('다섯')), 'no2.value is not a number: "다섯"'],
  ['null for a value', JSON.stringify(withNo2(null)), 'no2.value is not a number: null'],
  [
    'a number too large',
    JSON.stringify(withNo2(0)).replace('"value":0', '"value":1e400'),
    'no2.value is not a number: too large',
  ],
  ['a long text', JSON.stringify(withNo2('x'.repeat(5000))), `no2.value is not a number: "${'x'.repeat(39)}…`],
  ['a line break', JSON.stringify(withNo2('8\n8')), 'no2.value is not a number: "8\\n8"'],
])('%s is a bad reading, and the reason says so', (_what, body, reason) => {
  expect(judge(body)).toEqual({ good: false, reason, warning: false });
});

test('the warning depends on NO₂ alone: another sensor that is broken does not silence it', () => {
  const broken = { ...withNo2('88'), co: undefined, h2: { value: 'broken' } };
  expect(judge(JSON.stringify(broken))).toMatchObject({ good: false, warning: true });
  expect(judge(JSON.stringify({ no2: { value: '88' } }))).toMatchObject({ good: false, warning: true });
  const padded = { ...withNo2('95'), note: 'x'.repeat(MAX_BODY_BYTES) };
  expect(judge(JSON.stringify(padded))).toEqual({
    good: false,
    reason: 'the body is larger than 64 KiB',
    warning: true,
  });
});

test('a document that is the event itself is judged like its text', () => {
  for (const { value } of VALUES) {
    expect(judge(withNo2(value))).toEqual(judge(JSON.stringify(withNo2(value))));
  }
  expect(judge(undefined)).toEqual({ good: false, reason: 'the body is not JSON', warning: false });
});

test('what is stored is what was posted', () => {
  const posted = { ...WORKSHOP, extra: { kept: ['as', 'it', 'is'] } };
  expect(judge(JSON.stringify(posted))).toEqual({ good: true, reading: posted, warning: false });
});

// --- There is a warning if and only if the value reaches the threshold ------------------------------------------------

type Judge = (body: string) => { readonly warning: boolean };

/** Two decimals, as a sensor says them, most of them near the threshold. */
const hundredths = fc.oneof(fc.integer({ min: 8700, max: 8900 }), fc.integer({ min: -10_000, max: 50_000 }));

function checkThreshold(judgeOne: Judge): void {
  fc.assert(
    fc.property(hundredths, (value) => {
      const body = JSON.stringify(withNo2((value / 100).toFixed(2)));
      return judgeOne(body).warning === value >= WARNING_FROM * 100;
    }),
    // The threshold itself and its neighbours are always among them.
    { numRuns: 1000, examples: [[8799], [8800], [8801]] },
  );
}

test('over a thousand values there is a warning if and only if the value is 88 or more', () => {
  checkThreshold(judge);
});

test.each<[string, Judge]>([
  ['is quiet at 88 itself', (body) => ({ warning: Number(JSON.parse(body).no2.value) > 88 })],
  ['compares texts', (body) => ({ warning: JSON.parse(body).no2.value >= '88' })],
  ['rounds', (body) => ({ warning: Math.round(JSON.parse(body).no2.value) >= 88 })],
  ['reads whole numbers', (body) => ({ warning: Math.abs(Number.parseInt(JSON.parse(body).no2.value, 10)) >= 88 })],
])('a broken one that %s is caught', (_how, broken) => {
  expect(() => checkThreshold(broken)).toThrow(/Property failed/);
});

// --- The name of a reading ----------------------------------------------------------------------------------------------

describe('the id of a reading', () => {
  test('is the same whatever the order of its members, and whenever it came', () => {
    const { groupid, gps, ...sensors } = WORKSHOP;
    const turned = { ...Object.fromEntries(Object.entries(sensors).reverse()), gps, groupid };
    const dated = { ...turned, date: '2021-09-03T09:14:50.000Z' };
    expect(new Set([WORKSHOP, turned, dated].map(idOf)).size).toBe(1);
    expect(idOf(WORKSHOP)).toMatch(/^[0-9a-f]{40}$/);
  });

  test('differs with anything else', () => {
    const others = [
      { ...WORKSHOP, groupid: '3' },
      { ...WORKSHOP, groupid: 2 },
      withNo2('52.0'),
      { ...WORKSHOP, no2: { ...WORKSHOP.no2, createdtime: '2021-09-03 18:14:50' } },
      { ...WORKSHOP, tags: ['a', 'b'] },
      { ...WORKSHOP, tags: ['b', 'a'] },
    ];
    expect(new Set([WORKSHOP, ...others].map(idOf)).size).toBe(others.length + 1);
  });
});
