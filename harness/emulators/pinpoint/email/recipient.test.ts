import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../clock/index.ts';
import { plan, readRates } from './recipient.ts';

const reactions = (address: string, rates = {}) =>
  plan(address, rates, createRandom(address)).map(({ reaction }) => reaction);

describe('an address says what becomes of a mail to it', () => {
  test.each([
    ['success@simulator.amazonses.com', 'delivered'],
    ['success+label1@simulator.amazonses.com', 'delivered'],
    ['ooto@simulator.amazonses.com', 'delivered'],
    ['bounce@simulator.amazonses.com', 'hardbounce'],
    ['bounce+open@simulator.amazonses.com', 'hardbounce'],
    ['suppressionlist@simulator.amazonses.com', 'hardbounce'],
    ['complaint@simulator.amazonses.com', 'delivered complaint'],
    ['jiho@example.com', 'delivered'],
    ['jiho+brook@example.com', 'delivered'],
    ['jiho+open@example.com', 'delivered open'],
    ['jiho+click@example.com', 'delivered open click'],
    ['Jiho+Click+Unsubscribe@Example.com', 'delivered open click unsubscribe'],
    ['jiho+complaint@example.com', 'delivered complaint'],
    ['jiho+bounce@example.com', 'hardbounce'],
    ['jiho+softbounce+open@example.com', 'softbounce'],
    ['jiho+rejected@example.com', 'rejected'],
    ['open@example.com', 'delivered'],
  ])('%s: %s', (address, said) => {
    expect(reactions(address).join(' ')).toBe(said);
  });

  test('whatever the rates are', () => {
    expect(reactions('jiho+delivered@example.com', { open: 1, hardbounce: 1 })).toEqual(['delivered']);
  });
});

describe('rates say what becomes of a mail to any other address', () => {
  test('of 10,000 mails about as many as they say', () => {
    const rates = readRates('hardbounce=0.1 open=.5  click=0.2 complaint=0') ?? {};
    const counts: Record<string, number> = {};
    for (let n = 0; n < 10_000; n++) {
      for (const reaction of reactions(`${n}@example.com`, rates)) counts[reaction] = (counts[reaction] ?? 0) + 1;
    }
    expect(counts.hardbounce).toBeGreaterThan(900);
    expect(counts.hardbounce).toBeLessThan(1100);
    expect(counts.delivered).toBe(10_000 - (counts.hardbounce ?? 0));
    expect((counts.open ?? 0) / (counts.delivered ?? 0)).toBeCloseTo(0.5, 1);
    expect((counts.click ?? 0) / (counts.open ?? 0)).toBeCloseTo(0.2, 1);
    expect(counts.complaint).toBeUndefined();
  });

  test.each(['open=2', 'open=-1', 'open', 'opened=0.5', 'open:0.5', 'delivered=1'])('%s is none', (text) => {
    expect(() => readRates(text)).toThrow(
      `The tag naetmul:recipients has "${text}". It takes rates from 0 to 1, such as "open=0.4 click=0.1", of ` +
        'rejected, hardbounce, softbounce, open, click, complaint, unsubscribe.',
    );
  });
});

test('a plan is in order, begins with what became of the mail, and is the same for the same seed', () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  const rates = fc.record({
    rejected: rate,
    hardbounce: rate,
    softbounce: rate,
    open: rate,
    click: rate,
    complaint: rate,
    unsubscribe: rate,
  });
  fc.assert(
    fc.property(fc.emailAddress(), rates, fc.string(), (address, given, seed) => {
      const steps = plan(address, given, createRandom(seed));
      expect(plan(address, given, createRandom(seed))).toEqual(steps);
      const names = steps.map(({ reaction }) => reaction);
      expect(['delivered', 'rejected', 'hardbounce', 'softbounce']).toContain(names[0]);
      expect(new Set(names).size).toBe(names.length);
      if (names[0] !== 'delivered') expect(names).toHaveLength(1);
      if (names.includes('click') || names.includes('unsubscribe')) expect(names).toContain('open');
      const times = steps.map(({ afterMs }) => afterMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      expect(times.every((time) => Number.isInteger(time) && time > 0)).toBe(true);
    }),
  );
});
