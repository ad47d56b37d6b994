import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CopyFilter, dedupe } from './dedupe.ts';

interface Record {
  readonly received_at: number;
  readonly id: string;
  /** Its place in the stream. */
  readonly n: number;
}

interface Stream {
  readonly records: readonly Record[];
  readonly windowMs: number;
}

type Removal = (stream: Stream) => Promise<{ firsts: Record[]; copies: Record[] }> | { firsts: Record[] };

const identity = ({ id }: Record) => id;

async function all<T>(records: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const record of records) list.push(record);
  return list;
}

const remove =
  (disorderMs?: number): Removal =>
  async ({ records, windowMs }) => {
    const copies: Record[] = [];
    const order = disorderMs === undefined ? {} : { disorderMs };
    const stream = dedupe(records, { identity, windowMs, ...order, onCopy: (record) => copies.push(record) });
    return { firsts: await all(stream), copies };
  };

/** The definition, word by word: nothing is remembered, everything is compared with everything. */
function oracle({ records, windowMs }: Stream): Record[] {
  const isEarlier = (a: Record, b: Record) =>
    a.received_at < b.received_at || (a.received_at === b.received_at && a.n < b.n);
  return records
    .filter(
      (record) =>
        !records.some(
          (other) =>
            other.id === record.id && isEarlier(other, record) && record.received_at - other.received_at <= windowMs,
        ),
    )
    .sort((a, b) => (isEarlier(a, b) ? -1 : 1));
}

/** In a stream that is nearly in order a record comes so much later at most. */
const DISORDER_MS = 7;

/** Few ids and little time, so that there are copies, chains of them, and pauses of just one window. */
const receipts = fc.record({
  receipts: fc.array(
    fc.record({ received_at: fc.nat(60), id: fc.constantFrom('a', 'b', 'c'), delay: fc.nat(DISORDER_MS) }),
    { maxLength: 30 },
  ),
  windowMs: fc.integer({ min: 0, max: 20 }),
});

type Receipt = Pick<Record, 'received_at' | 'id'> & { readonly delay: number };

function streamsBy(place: (receipt: Receipt) => number): fc.Arbitrary<Stream> {
  return receipts.map(({ receipts, windowMs }) => ({
    windowMs,
    records: receipts.toSorted((a, b) => place(a) - place(b)).map(({ received_at, id }, n) => ({ received_at, id, n })),
  }));
}

const streams = streamsBy(() => 0);
const sorted = streamsBy(({ received_at }) => received_at);
const nearlySorted = streamsBy(({ received_at, delay }) => received_at + delay);

function check(given: fc.Arbitrary<Stream>, removal: Removal): Promise<void> {
  return fc.assert(
    fc.asyncProperty(given, async (stream) => {
      expect((await removal(stream)).firsts).toEqual(oracle(stream));
    }),
    { seed: 20220127, numRuns: 1000 },
  );
}

describe('dedupe', () => {
  test('leaves of each event the first receipt, in whatever order they come', async () => {
    await check(streams, remove());
  });

  test('leaves the same of a stream in order, holding nothing back', async () => {
    await check(sorted, remove(0));
  });

  test('leaves the same of a stream that is out of order by no more than it was told', async () => {
    await check(nearlySorted, remove(DISORDER_MS));
  });

  test('removals that are wrong are caught by the same check', async () => {
    const keptFor =
      (isKept: (last: number, now: number, windowMs: number) => boolean, moves: boolean): Removal =>
      ({ records, windowMs }) => {
        const last = new Map<string, number>();
        const inOrder = records.toSorted((a, b) => a.received_at - b.received_at);
        const firsts = inOrder.filter(({ id, received_at }) => {
          const before = last.get(id);
          const isCopy = before !== undefined && isKept(before, received_at, windowMs);
          if (!isCopy || moves) last.set(id, received_at);
          return !isCopy;
        });
        return { firsts };
      };
    const within = (last: number, now: number, windowMs: number) => now - last <= windowMs;
    await check(streams, keptFor(within, true));
    const wrong: [string, Removal][] = [
      ['the window begins at the first receipt', keptFor(within, false)],
      ['the window ends too early', keptFor((last, now, windowMs) => now - last < windowMs, true)],
      ['there is no window', keptFor(() => true, true)],
      ['what comes first is taken for what was received first', remove(0)],
    ];
    for (const [what, removal] of wrong) await expect(check(streams, removal), what).rejects.toThrow('Property failed');
    await expect(check(nearlySorted, remove(DISORDER_MS / 2))).rejects.toThrow('Property failed');
  });

  test('gives every record either away or to onCopy', async () => {
    await fc.assert(
      fc.asyncProperty(streams, async (stream) => {
        const result = await remove()(stream);
        const copies = 'copies' in result ? result.copies : [];
        expect([...result.firsts, ...copies].sort((a, b) => a.n - b.n)).toEqual(stream.records);
      }),
      { seed: 20220127 },
    );
  });

  test('gives a record away as soon as no earlier one can come', async () => {
    const given: number[] = [];
    const held: number[] = [];
    async function* source() {
      for (let received_at = 0; received_at < 100; received_at += 5) {
        yield { received_at };
        held.push(received_at / 5 + 1 - given.length);
      }
    }
    const stream = dedupe(source(), { identity: ({ received_at }) => String(received_at), disorderMs: 10 });
    for await (const { received_at } of stream) given.push(received_at);
    expect(given).toHaveLength(20);
    expect(Math.max(...held)).toBeLessThanOrEqual(4);
  });

  test('gives an event away once within the window also if its first receipt comes too late', async () => {
    const records = [10, 500, 8].map((received_at) => ({ received_at }));
    const stream = dedupe(records, { identity: () => 'a', windowMs: 1000, disorderMs: 100 });
    expect(await all(stream)).toEqual([{ received_at: 10 }]);
  });

  test('gives away what comes much too late and was received a window before, and knows its event still', async () => {
    const copies: unknown[] = [];
    const records = [5000, 5100, 3000, 5200].map((received_at, n) => ({ received_at, id: n === 1 ? 'b' : 'a' }));
    const stream = dedupe(records, {
      identity: ({ id }) => id,
      windowMs: 1000,
      disorderMs: 50,
      onCopy: (record) => copies.push(record),
    });
    expect((await all(stream)).map(({ received_at }) => received_at)).toEqual([5000, 3000, 5100]);
    expect(copies).toEqual([{ received_at: 5200, id: 'a' }]);
  });

  test.each([
    [{ windowMs: -1 }, 'The window is -1. Give 0 or more, in ms.'],
    [{ windowMs: Number.NaN }, 'The window is NaN. Give 0 or more, in ms.'],
    [{ disorderMs: -1 }, 'disorderMs is -1. Give 0 or more, in ms.'],
  ])('refuses %j', async (options, message) => {
    await expect(all(dedupe([], { identity: String, ...options }))).rejects.toThrow(message);
  });
});

describe('CopyFilter', () => {
  const HOUR_MS = 3_600_000;

  test('knows a copy for as long as the pause before it is no longer than the window', () => {
    const filter = new CopyFilter(24 * HOUR_MS);
    const isCopy = [0, 24, 47, 71, 96].map((hours) => filter.isCopy('a', hours * HOUR_MS));
    expect(isCopy).toEqual([false, true, true, true, false]);
  });

  test('of receipts out of order, one is no copy that is more than a window older, and does not hide the newer one', () => {
    const filter = new CopyFilter(24 * HOUR_MS);
    const isCopy = [100, 50, 110].map((hours) => filter.isCopy('a', hours * HOUR_MS));
    expect(isCopy).toEqual([false, false, true]);
  });

  test('remembers the identities of one window and no others', () => {
    fc.assert(
      fc.property(sorted, ({ records, windowMs }) => {
        const filter = new CopyFilter(windowMs);
        for (const [index, { id, received_at }] of records.entries()) {
          filter.isCopy(id, received_at);
          const within = records.slice(0, index + 1).filter((record) => received_at - record.received_at <= windowMs);
          expect(filter.remembered).toBe(new Set(within.map(identity)).size);
        }
      }),
      { seed: 20220127 },
    );
  });
});
