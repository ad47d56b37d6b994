import { type CollectedEvent, checkCopies, createRandom, expect, scenario } from '../harness/kit/index.ts';

const EVENTS = 10_000;
const USERS = 100;

scenario(
  'ten thousand events go through the collector to MySQL, and are searched by user while they arrive',
  async ({ collector, eventually, tell }) => {
    const random = createRandom('ten thousand');
    const events: CollectedEvent[] = Array.from({ length: EVENTS }, (_, n) => ({
      event_id: `e${n}`,
      event: n % 2 === 0 ? 'page_view' : 'purchase',
      user_id: `u${random.integer(USERS)}`,
      parameters: n % 2 === 0 ? null : { order_id: `o${n}`, currency: 'KRW', price: random.integer(100_000) },
    }));

    await tell.step('10,000 events on 64 connections, and all the while somebody searches');
    let arriving = true;
    const seen: number[] = [];
    const searching = (async () => {
      for (let n = 0; arriving; n++) seen.push((await collector.search(`u${n % USERS}`)).length);
    })();
    const answers = await Promise.all(events.map((event) => collector.collect(event)));
    arriving = false;
    await searching;
    expect(answers.filter((answer) => answer.text === '{"is_success":"true"}')).toHaveLength(EVENTS);
    tell.figure('searches meanwhile', seen.length);
    tell.figure('searches that found some', seen.filter((count) => count > 0).length);
    expect(Math.max(...seen)).toBeGreaterThan(0);

    await tell.step('Every event is one row, and each user’s search finds all of that user’s');
    await eventually(async () => expect((await collector.rows()).total).toBe(EVENTS), { within: 60_000 });
    const sent = events.map(({ event_id }) => event_id);
    expect(checkCopies(sent, (await collector.rows()).copies, { atMost: 1 })).toMatchObject({ ok: true });
    for (let user = 0; user < USERS; user += 10) {
      const expected = events.filter(({ user_id }) => user_id === `u${user}`).map(({ event_id }) => event_id);
      const found: CollectedEvent[] = await collector.search(`u${user}`);
      expect(found.map(({ event_id }) => event_id).toSorted()).toEqual(expected.toSorted());
    }
    await eventually(async () => expect(await collector.depth(collector.queueUrl)).toBe(0));
  },
);
