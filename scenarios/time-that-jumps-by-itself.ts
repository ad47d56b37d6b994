import { expect, scenario } from '../harness/kit/index.ts';

const BODY = '{"value":"30","type":"Tip 3"}';

scenario(
  'in auto mode time jumps to what is due, and a minute of buffering takes no minute',
  async ({ clock, eventually, ingest, tell }) => {
    await tell.step('Time stands at 14:48:25 in Seoul, and may jump whenever nothing is running');
    await clock.set('2022-01-27T14:48:25+09:00');
    await clock.auto();
    const answer = await ingest.post(BODY);
    expect(answer.status).toBe(200);

    await tell.step('Nobody moves the clock; the object is there all the same');
    const [key = ''] = await eventually(async () => {
      const keys = await ingest.keys();
      expect(keys).toHaveLength(1);
      return keys;
    });
    expect((await ingest.object(key)).toString()).toBe(BODY);

    await tell.step('In the story a minute has gone by, as the buffer’s interval has it');
    const journey = await tell.journey('A journey of a minute', answer.json.SequenceNumber);
    const [first, last] = [journey.steps[0]?.t ?? 0, journey.steps.at(-1)?.t ?? 0];
    tell.figure('seconds from the post to the object, in the story', (last - first) / 1000);
    expect(last - first).toBeGreaterThanOrEqual(60_000);
    expect(last - first).toBeLessThan(65_000);
    expect(await clock.now()).toBeGreaterThanOrEqual(last);
  },
);
