import { expect, scenario } from '../harness/kit/index.ts';

const event = (n: number, at: number) => ({
  event_type: 'level_up',
  arrival_timestamp: at,
  client: { client_id: `c${n}` },
});

scenario(
  'every event is in the index of the UTC day on which it arrived, also when one buffer straddles midnight',
  async ({ clock, appAnalytics, tell }) => {
    let n = 0;
    const put = async (count: number) => {
      const now = await clock.now();
      await appAnalytics.put(...Array.from({ length: count }, () => event(n++, now)));
    };

    await tell.step('23:59:30 UTC, which is 08:59:30 in Seoul: three events; 45 s later, after midnight, four more');
    await clock.set('2022-01-27T23:59:30Z');
    await put(3);
    await clock.advance('45s');
    expect(await appAnalytics.indices()).toEqual({});
    await put(4);

    await tell.step('The buffer is delivered at 00:00:30: one batch, two indices');
    await clock.advance('15s');
    expect(await appAnalytics.indices()).toEqual({ 'pinpoint-2022-01-27': 3, 'pinpoint-2022-01-28': 4 });

    await tell.step('The next day');
    await clock.set('2022-01-29T12:00:00+09:00');
    await put(5);
    await clock.advance('1m');
    expect(await appAnalytics.indices()).toEqual({
      'pinpoint-2022-01-27': 3,
      'pinpoint-2022-01-28': 4,
      'pinpoint-2022-01-29': 5,
    });

    await tell.step('The oldest index is deleted to make room, and the stream goes on');
    expect((await appAnalytics.askDomain('DELETE', '/pinpoint-2022-01-27')).json).toEqual({ acknowledged: true });
    await put(6);
    await clock.advance('1m');
    expect(await appAnalytics.indices()).toEqual({ 'pinpoint-2022-01-28': 4, 'pinpoint-2022-01-29': 11 });
    expect(await appAnalytics.failedKeys()).toEqual([]);
  },
);
