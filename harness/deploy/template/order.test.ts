import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortByNeeds } from './order.ts';

const needs = (edges: Record<string, string[]>) =>
  new Map(Object.entries(edges).map(([name, list]) => [name, new Set(list)]));

describe('sortByNeeds', () => {
  test('puts each name after what it needs and else keeps the order', () => {
    expect(sortByNeeds(needs({ a: ['c'], b: [], c: [] }))).toEqual({ order: ['c', 'a', 'b'] });
  });

  test('names a cycle, without those who merely lead to it', () => {
    expect(sortByNeeds(needs({ x: ['a'], a: ['b'], b: ['c'], c: ['a'] }))).toEqual({ cycle: ['a', 'b', 'c', 'a'] });
    expect(sortByNeeds(needs({ a: ['a'] }))).toEqual({ cycle: ['a', 'a'] });
  });

  test('sorts whatever has no cycle', () => {
    // A name may need only names of a lower number, so there is no cycle; the map's order is shuffled.
    const graph = fc
      .array(fc.array(fc.nat(19), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
      .chain((lists) =>
        fc
          .shuffledSubarray([...lists.keys()], { minLength: lists.length })
          .map((names) => names.map((name) => [name, (lists[name] ?? []).filter((need) => need < name)] as const)),
      );
    fc.assert(
      fc.property(graph, (entries) => {
        const result = sortByNeeds(new Map(entries.map(([name, list]) => [String(name), new Set(list.map(String))])));
        const order = 'order' in result ? result.order : [];
        expect([...order].sort()).toEqual(entries.map(([name]) => String(name)).sort());
        for (const [name, list] of entries) {
          for (const need of list) expect(order.indexOf(String(need))).toBeLessThan(order.indexOf(String(name)));
        }
      }),
    );
  });
});
