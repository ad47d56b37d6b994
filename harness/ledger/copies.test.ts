import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCopies } from './copies.ts';

const once = (ids: readonly string[]) => new Map(ids.map((id) => [id, 1]));

test('a sink that has each accepted event once is as it should be', () => {
  expect(checkCopies(['a', 'b'], once(['a', 'b']), { atMost: 1 })).toEqual({
    ok: true,
    accepted: 2,
    stored: 2,
    lost: [],
    unexpected: [],
    tooOften: new Map(),
  });
});

test('an event that is missing, one that nobody sent and one that is there twice are each named', () => {
  const report = checkCopies(
    ['a', 'b', 'c'],
    new Map([
      ['a', 2],
      ['c', 1],
      ['x', 1],
    ]),
    { atMost: 1 },
  );
  expect(report.ok).toBe(false);
  expect(report.lost).toEqual(['b']);
  expect(report.unexpected).toEqual(['x']);
  expect(report.tooOften).toEqual(new Map([['a', 2]]));
});

test('copies that the retry rules allow are no fault; one more is', () => {
  expect(checkCopies(['a'], new Map([['a', 4]]), { atMost: 4 }).ok).toBe(true);
  expect(checkCopies(['a'], new Map([['a', 5]]), { atMost: 4 }).ok).toBe(false);
});

const events = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1 });

test('whatever a worker does wrong to one event is found', () => {
  const faults: Record<string, (sink: Map<string, number>, id: string) => void> = {
    'loses one': (sink, id) => sink.delete(id),
    'writes one twice': (sink, id) => sink.set(id, 2),
    'makes one up': (sink, id) => sink.set(`${id}'`, 1),
  };
  for (const [name, breakSink] of Object.entries(faults)) {
    fc.assert(
      fc.property(events, fc.nat(), (ids, n) => {
        const id = ids[n % ids.length] as string;
        const sink = once(ids);
        breakSink(sink, id);
        fc.pre(!(name === 'makes one up' && ids.includes(`${id}'`)));
        expect(checkCopies(ids, sink, { atMost: 1 }).ok, name).toBe(false);
      }),
    );
  }
});
