import { expect, test } from 'vitest';
import { createFormats } from './format.ts';
import { Palette } from './palette.ts';
import { layersOf } from './stack.ts';
import { TEXTS } from './texts.ts';

test('both languages say the same things', () => {
  const shape = (value: unknown): unknown =>
    typeof value === 'object'
      ? Object.fromEntries(Object.entries(Object(value)).map(([key, inner]) => [key, shape(inner)]))
      : typeof value;
  expect(shape(TEXTS.en)).toEqual(shape(TEXTS.ko));
});

test('sizes and shares are written short', () => {
  const { bytes, share } = createFormats('en');
  expect([0, 999, 471_291, 2_345_678_901].map(bytes)).toEqual(['0 byte', '999 byte', '471.3 kB', '2.3 GB']);
  expect([share(1, 3), share(0, 0)]).toEqual(['33.3%', '0%']);
});

test('a time of another day comes with its day', () => {
  const noon = new Date(2020, 4, 18, 12, 0, 0).getTime();
  const { near } = createFormats('en');
  expect([near(noon, noon + 1_000), near(noon, noon + 86_400_000)]).toEqual(['12:00:00', '18 May 12:00:00']);
});

test('bars are laid upon each other, all other types on top', () => {
  const types = [
    { type: 'a', count: 5, counts: [2, 3] },
    { type: 'b', count: 1, counts: [0, 1] },
  ];
  const layers = layersOf({ types, others: { count: 4, counts: [4, 0] } });
  expect(layers.map(({ type, tops }) => [type, tops])).toEqual([
    ['a', [2, 3]],
    ['b', [2, 4]],
    [undefined, [6, 4]],
  ]);
});

test('a type keeps its colour while it is shown, and no two have the same', () => {
  const palette = new Palette();
  const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  palette.show(all);
  const before = palette.colorOf('c');
  palette.show(['x', 'c', 'y', 'a', 'z', 'b', 'w']);
  const shown = ['x', 'c', 'y', 'a', 'z', 'b', 'w'].map((type) => palette.colorOf(type));
  expect(new Set(shown).size).toBe(7);
  expect(palette.colorOf('c')).toBe(before);
  expect([palette.colorOf('gone'), palette.colorOf(undefined)]).toEqual(['--line-others', '--line-others']);
});
