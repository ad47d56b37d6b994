import { expect, test } from 'vitest';
import { checkFault, FaultPlan } from './index.ts';

const strikes = (plan: FaultPlan, at: string, count: number) => Array.from({ length: count }, () => plan.strike(at));

test('a rule strikes the next event, and no more than that, unless it says otherwise', () => {
  const plan = new FaultPlan();
  plan.add({ at: 'lambda/worker', kind: 'crash' });
  expect(strikes(plan, 'lambda/worker', 3)).toEqual(['crash', undefined, undefined]);
});

test('a rule strikes from the n-th event on, as many times as it says', () => {
  const plan = new FaultPlan();
  plan.add({ at: 'lambda/worker', kind: 'crash', nth: 2, times: 2 });
  expect(strikes(plan, 'lambda/worker', 5)).toEqual([undefined, 'crash', 'crash', undefined, undefined]);
});

test('events elsewhere are neither struck nor counted', () => {
  const plan = new FaultPlan();
  plan.add({ at: 'lambda/worker', kind: 'crash', nth: 2 });
  expect(strikes(plan, 'lambda/other', 3)).toEqual([undefined, undefined, undefined]);
  expect(strikes(plan, 'lambda/worker', 2)).toEqual([undefined, 'crash']);
});

test('two rules of one place count the same events, and the one given first strikes', () => {
  const plan = new FaultPlan();
  plan.add({ at: 'lambda/worker', kind: 'crash', nth: 2 });
  plan.add({ at: 'lambda/worker', kind: 'time-out', times: 3 });
  expect(strikes(plan, 'lambda/worker', 4)).toEqual(['time-out', 'crash', 'time-out', undefined]);
});

test('a plan that was cleared strikes nothing', () => {
  const plan = new FaultPlan();
  plan.add({ at: 'lambda/worker', kind: 'crash' });
  plan.clear();
  expect(plan.strike('lambda/worker')).toBeUndefined();
});

test('a fault that nobody knows is refused with those that there are', () => {
  const kinds = { lambda: ['crash', 'throttle'] };
  checkFault({ at: 'lambda/worker', kind: 'crash' }, kinds);
  expect(() => checkFault({ at: 'lambda/worker', kind: 'melt' }, kinds)).toThrow(
    'Nothing at lambda/worker can go wrong as "melt".',
  );
  expect(() => checkFault({ at: 'sqs/queue', kind: 'crash' }, kinds)).toThrow(
    expect.objectContaining({ remedy: 'Faults are known at: lambda.' }),
  );
});
