import { readFileSync } from 'node:fs';
import { type CollectedEvent, expect, scenario } from '../harness/kit/index.ts';

const WORKSHOP: CollectedEvent = JSON.parse(
  readFileSync(new URL('../fixtures/collector/workshop.json', import.meta.url), 'utf8'),
);

scenario(
  'what both endpoints collect, all three searches find, as the workshop has it',
  async ({ clock, collector, eventually, tell }) => {
    await clock.set('2022-01-27T14:48:25.123+09:00');

    await tell.step('The workshop’s own body, by /api/collect and by /api/event');
    const collected = await collector.collect(WORKSHOP);
    expect(collected.status).toBe(200);
    expect(collected.text).toBe('{"is_success":"true"}');
    const second = { ...WORKSHOP, event_id: `${WORKSHOP.event_id}-2`, event: 'refund' };
    const answer = await collector.send('POST', '/api/event', { body: JSON.stringify(second) });
    expect(answer.text).toBe('{"is_success":"true"}');

    await tell.step('The worker stores them; no clock has moved, for a queue wakes its Lambda at once');
    const found = await eventually(async () => {
      const events = await collector.search(WORKSHOP.user_id);
      expect(events).toHaveLength(2);
      return events;
    });
    expect(found).toContainEqual({
      event_id: WORKSHOP.event_id,
      event: WORKSHOP.event,
      event_datetime: '2022-01-27T05:48:25.123000Z',
      parameters: WORKSHOP.parameters,
    });

    await tell.step('The other two spellings of the search find the same');
    const user = encodeURIComponent(WORKSHOP.user_id);
    const byQuery = await collector.send('GET', `/api/event?user_id=${user}`);
    const byPath = await collector.send('GET', `/api/event/${user}`);
    expect(byQuery.json).toEqual(found);
    expect(byPath.json).toEqual(found);
    const nobody = await collector.send('GET', '/api/event/nobody');
    expect(nobody.text).toBe('[]');
  },
);

scenario('parameters may be null, and Korean and emoji survive', async ({ clock, collector, eventually, tell }) => {
  await clock.set('2022-01-27T14:48:25+09:00');
  const events: CollectedEvent[] = [
    { event_id: 'plain', event: 'page_view', user_id: '김냇물', parameters: null },
    {
      event_id: '주문-1',
      event: '구매 🛒',
      user_id: '김냇물',
      parameters: { order_id: '한글 "주문" \\ 👩‍👩‍👧', currency: '원', price: 12_345.67 },
    },
  ];

  await tell.step('Two events of one user: one without parameters, one with text of every kind');
  for (const event of events) expect((await collector.collect(event)).status).toBe(200);

  await tell.step('Both come back as they were sent');
  const found = await eventually(async () => {
    const answer = await collector.search('김냇물');
    expect(answer).toHaveLength(2);
    return answer;
  });
  const byId = Object.fromEntries(found.map((event: CollectedEvent) => [event.event_id, event]));
  for (const { event_id, event, parameters } of events) expect(byId[event_id]).toMatchObject({ event, parameters });
});

scenario('what is no event is refused with a reason, and nothing comes of it', async ({ clock, collector, tell }) => {
  await clock.set('2022-01-27T14:48:25+09:00');
  const good = { event_id: 'e', event: 'purchase', user_id: 'u', parameters: null };
  const wrong: [name: string, body: string, status: number][] = [
    ['no JSON', '{"event_id":', 400],
    ['a missing field', JSON.stringify({ event_id: 'e', event: 'purchase', parameters: null }), 400],
    ['an unknown field', JSON.stringify({ ...good, colour: 'red' }), 400],
    ['a wrong type', JSON.stringify({ ...good, user_id: 7 }), 400],
    [
      'a price that is no number',
      JSON.stringify({ ...good, parameters: { order_id: 'o', currency: 'KRW', price: '9' } }),
      400,
    ],
    ['more than 256 KiB', JSON.stringify({ ...good, event: 'x'.repeat(256 * 1024) }), 413],
  ];
  for (const [name, body, status] of wrong) {
    await tell.step(`${name}: ${status}`);
    const answer = await collector.send('POST', '/api/collect', { body });
    expect(answer.status, name).toBe(status);
    expect(answer.json.is_success, name).toBe('false');
    expect(answer.text).not.toMatch(/node:internal|\.ts:\d| {4}at /);
    tell.figure(name, answer.text);
  }
  expect(await collector.depth(collector.queueUrl)).toBe(0);
  expect((await collector.rows()).total).toBe(0);
});
