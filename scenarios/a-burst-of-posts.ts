import { createRandom, expect, scenario } from '../harness/kit/index.ts';

const POSTS = 5000;

scenario('a burst of 5,000 posts on 64 connections is in S3 exactly once each', async ({ clock, ingest, tell }) => {
  await clock.set('2022-01-27T20:00:00+09:00');
  const random = createRandom('burst');
  const bodies = Array.from({ length: POSTS }, (_, n) =>
    JSON.stringify({ n, type: `Tip ${random.integer(9)}`, text: '냇물'.repeat(random.integer(20)) }),
  );

  await tell.step(`${POSTS} posts at once, as fast as 64 connections take them`);
  const answers = await Promise.all(bodies.map((body) => ingest.post(body)));
  const accepted = bodies.filter((_, n) => answers[n]?.status === 200);
  tell.figure('accepted', accepted.length);
  tell.figure('refused', POSTS - accepted.length);
  expect(accepted).toHaveLength(POSTS);

  await tell.step('Each has a sequence number of its own');
  const sequenceNumbers = new Set(answers.map((answer) => answer.json.SequenceNumber));
  expect(sequenceNumbers.size).toBe(POSTS);

  await tell.step('Five minutes later the objects hold each of them once, and nothing else');
  await clock.advance('5m');
  const keys = await ingest.keys();
  const contents = await Promise.all(keys.map((key) => ingest.object(key)));
  const stored = contents.flatMap((content) => content.toString().replaceAll('}{', '}\n{').split('\n'));
  tell.figure('objects', keys.length);
  expect(stored.toSorted()).toEqual(bodies.toSorted());

  await tell.journey('One of them', answers[POSTS - 1]?.json.SequenceNumber);
});
