import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Subscriptions } from './subscriptions.ts';

test.for([
  ['sensor/#', 'sensor', false],
  ['sensor/#', 'sensor/', true],
  ['sensor/#', 'sensor/a/b', true],
  ['#', 'sensor', true],
  ['#', '$aws/events/presence/connected/pi-1', false],
  ['+/events/#', '$aws/events/presence', false],
  ['$aws/events/#', '$aws/events/presence/connected/pi-1', true],
  ['pi/+', 'pi/1', true],
  ['pi/+', 'pi/', true],
  ['pi/+', 'pi', false],
  ['pi/+', 'pi/1/no2', false],
  ['+/+', '/', true],
  ['pi/1', 'pi/1', true],
  ['pi/1', 'PI/1', false],
] as const)('%s matches %s: %s', ([filter, topic, expected]) => {
  const subscriptions = new Subscriptions<string>();
  subscriptions.add(filter, 'client', 0);
  expect(subscriptions.matching(topic).has('client')).toBe(expected);
});

/** The same, one level after another, as the documentation says it. */
function matches(filter: readonly string[], topic: readonly string[]): boolean {
  const [wanted, ...moreWanted] = filter;
  const [level, ...more] = topic;
  if (wanted === undefined || level === undefined) return wanted === level;
  return wanted === '#' || ((wanted === '+' || wanted === level) && matches(moreWanted, more));
}

const level = fc.constantFrom('a', 'b', '');
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([levels, all]) => [...levels, ...(all ? ['#'] : [])].join('/'));
const change = fc.record({
  remove: fc.boolean(),
  filter,
  client: fc.constantFrom('x', 'y', 'z'),
  qos: fc.constantFrom(0 as const, 1 as const),
});

describe('after any changes', () => {
  test('each client is found once, by whichever of its filters match, with the largest QoS', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(level, { minLength: 1, maxLength: 4 }), (changes, topic) => {
        const subscriptions = new Subscriptions<string>();
        const held = new Map<string, Map<string, 0 | 1>>();
        for (const { remove, filter, client, qos } of changes) {
          const ofClient = held.get(client) ?? new Map<string, 0 | 1>();
          held.set(client, ofClient);
          if (remove) {
            subscriptions.remove(filter, client);
            ofClient.delete(filter);
          } else {
            subscriptions.add(filter, client, qos);
            ofClient.set(filter, qos);
          }
        }
        const expected = new Map<string, number>();
        for (const [client, filters] of held) {
          const found = [...filters].filter(([one]) => matches(one.split('/'), topic)).map(([, qos]) => qos);
          if (found.length > 0) expected.set(client, Math.max(...found));
        }
        expect(new Map(subscriptions.matching(topic.join('/')))).toEqual(expected);
      }),
    );
  });
});
