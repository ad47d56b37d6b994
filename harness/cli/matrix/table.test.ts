import { expect, test } from 'vitest';
import { renderMatrix } from './page.ts';
import { describeMatrix, makeMatrix, type RunReport } from './table.ts';

const column = (id: string) => ({ id, title: `bench ${id}`, arguments: [] });
const ran = (...scenarios: RunReport['scenarios']) => ({
  kind: 'ran' as const,
  report: { engines: 'localstack 4.9.2 (native)', scenarios },
});
const told = (name: string, state: 'passed' | 'failed' | 'skipped', ...errors: string[]) => ({
  file: 'scenarios/a.ts',
  name,
  state,
  durationMs: 1,
  errors,
});
const leftOut = { ...told('a burst', 'skipped'), notPossible: 'it ends mysql' };

const MATRIX = makeMatrix([
  { column: column('a'), outcome: ran(told('one curl', 'passed'), told('a burst', 'passed')) },
  { column: column('b'), outcome: ran(told('one curl', 'failed', 'expected 30 to be 56\n\n- 30\n+ 56')) },
  { column: column('c'), outcome: ran(told('one curl', 'failed', 'expected 30 to be 56'), leftOut) },
  { column: column('d'), outcome: { kind: 'not possible', reason: 'No Docker daemon <answers>.' } },
]);

test('each story has a cell on each bench, also where it was not told', () => {
  expect(MATRIX.rows.map(({ name, cells }) => [name, ...Object.values(cells).map(({ state }) => state)])).toEqual([
    ['one curl', 'passed', 'failed', 'failed', 'not possible'],
    ['a burst', 'passed', 'not possible', 'not possible', 'not possible'],
  ]);
  expect(Object.values(MATRIX.rows[1]?.cells ?? {}).map(({ reason }) => reason)).toEqual([
    undefined,
    'the run ended before it',
    'it ends mysql',
    'No Docker daemon <answers>.',
  ]);
});

test('the table names each failure once, with all benches that have it', () => {
  const text = describeMatrix(MATRIX);
  expect(text).toContain('  4  bench d: not possible: No Docker daemon <answers>.');
  expect(text).toMatch(/^one curl +✓ {2}✗ {2}✗ {2}–$/m);
  expect(text).toContain('✗ one curl\n  on 2, 3: expected 30 to be 56');
});

test('the page has the same table, with what is text as text, and needs nothing from elsewhere', () => {
  const html = renderMatrix(MATRIX);
  expect(html).toContain('No Docker daemon &lt;answers&gt;.');
  expect(html.match(/<td class="failed"/g)).toHaveLength(2);
  expect(html).not.toMatch(/<script|src=|href=|@import|url\(/);
});
