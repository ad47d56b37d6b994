import { type CollectedEvent, checkCopies, createRandom, expect, scenario } from '../harness/kit/index.ts';

const EVENTS = 2000;

scenario(
  'MySQL is stopped in the middle of 2,000 events and started again: nothing accepted is lost or doubled',
  async ({ testbench, clock, collector, eventually, needsToEnd, tell }) => {
    await needsToEnd('mysql');
    await clock.set('2022-01-27T14:48:25+09:00');
    const random = createRandom('database away');
    const events: CollectedEvent[] = Array.from({ length: EVENTS }, (_, n) => ({
      event_id: `e${n}`,
      event: 'purchase',
      user_id: `u${random.integer(50)}`,
      parameters: n % 3 === 0 ? null : { order_id: `o${n}`, currency: 'KRW', price: random.integer(100_000) },
    }));
    const collect = async (some: readonly CollectedEvent[]) => {
      const answers = await Promise.all(some.map((event) => collector.collect(event)));
      return some.filter((_, n) => answers[n]?.json?.is_success === 'true').map(({ event_id }) => event_id);
    };

    await tell.step('The first half; MySQL is stopped while it is being stored');
    const [first] = await Promise.all([
      collect(events.slice(0, EVENTS / 2)),
      eventually(async () => expect((await collector.rows()).total).toBeGreaterThan(0)).then(() =>
        testbench.orderEngine('stop', 'mysql'),
      ),
    ]);

    await tell.step('The second half is collected all the same; a search says that it cannot answer');
    const second = await collect(events.slice(EVENTS / 2));
    const search = await collector.send('GET', '/api/event/u1');
    expect(search.status).toBe(503);
    expect(search.json.is_success).toBe('false');
    const accepted = [...first, ...second];
    tell.figure('accepted', accepted.length);
    expect(accepted).toHaveLength(EVENTS);

    await tell.step('MySQL is started again, and the visibility timeouts pass');
    await testbench.orderEngine('start', 'mysql');
    await clock.advance('30m');
    await eventually(async () => expect(await collector.depth(collector.queueUrl)).toBe(0));

    await tell.step('Every accepted event is one row');
    expect(checkCopies(accepted, (await collector.rows()).copies, { atMost: 1 })).toMatchObject({ ok: true });
    expect(await collector.depth(collector.deadLetterQueueUrl)).toBe(0);
    const found = await collector.search('u1');
    expect(found).toHaveLength(events.filter(({ user_id }) => user_id === 'u1').length);
  },
);
