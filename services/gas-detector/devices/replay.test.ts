import { expect, test } from 'vitest';
import { type Answer, replay } from './replay.ts';

const OK = { status: 200, text: '{"msg":"success"}' };
const at = (time: string) => JSON.stringify({ no2: { value: '1', createdtime: `2021-09-03 ${time}` } });

/** Posts with a clock that only sleeping moves; `answers` come in turn, then success. */
async function replayed(bodies: string[], { speed = 1, answers = [] as Answer[], stopAfter = Number.NaN } = {}) {
  const posts: { readonly body: string; readonly ms: number }[] = [];
  const reported: string[] = [];
  const stop = new AbortController();
  let now = 5_000;
  const summary = await replay(bodies, {
    async post(body) {
      posts.push({ body, ms: now - 5_000 });
      if (posts.length === stopAfter) stop.abort();
      return answers.shift() ?? OK;
    },
    speed,
    async sleep(ms) {
      now += ms;
    },
    now: () => now,
    signal: stop.signal,
    report: (_body, { status }) => void reported.push(String(status)),
  });
  return { times: posts.map(({ ms }) => ms), bodies: posts.map(({ body }) => body), reported, summary };
}

test('readings are posted at the pace at which they were made', async () => {
  const { times } = await replayed([at('10:00:00'), at('10:00:02'), at('10:01:00')]);
  expect(times).toEqual([0, 2_000, 60_000]);
});

test('sixty times as fast, a minute takes a second; at full speed nothing is waited for', async () => {
  const bodies = [at('10:00:00'), at('10:00:30'), at('10:01:00')];
  expect((await replayed(bodies, { speed: 60 })).times).toEqual([0, 500, 1_000]);
  expect((await replayed(bodies, { speed: Number.POSITIVE_INFINITY })).times).toEqual([0, 0, 0]);
});

test('what says no time goes at once, byte for byte, also what is broken', async () => {
  const bodies = [at('10:00:00'), 'no JSON', 'null', '{"a":null}', at('10:00:01')];
  const outcome = await replayed(bodies);
  expect(outcome.times).toEqual([0, 0, 0, 0, 1_000]);
  expect(outcome.bodies).toEqual(bodies);
});

test('what was not taken because something is away is posted again; what is bad is not', async () => {
  const answers = [{ status: 503, text: '' }, { status: 0, text: '' }, OK, { status: 400, text: '' }];
  const outcome = await replayed(
    ['1', '2'].map((value) => `{"value":${value}}`),
    { answers },
  );
  expect(outcome.reported.toSorted()).toEqual(['200', '400']);
  expect(outcome.summary).toEqual({ posted: 2, failed: 1 });
});

test('after four tries it is given up, and counted', async () => {
  const answers = Array.from({ length: 4 }, () => ({ status: 503, text: 'away' }));
  const { times, summary } = await replayed(['{}'], { answers });
  expect(times).toEqual([0, 500, 1_500, 3_500]);
  expect(summary).toEqual({ posted: 1, failed: 1 });
});

test('asked to stop, it posts no more, and counts what it has posted', async () => {
  const bodies = Array.from({ length: 10 }, (_none, second) => at(`10:00:0${second}`));
  expect((await replayed(bodies, { stopAfter: 3 })).summary).toEqual({ posted: 3, failed: 0 });
});
