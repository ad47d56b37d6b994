import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { expect, scenario } from '../harness/kit/index.ts';

scenario(
  'one bad message in a batch of ten ends in the dead-letter queue; the other nine are stored once',
  async ({ testbench, aws, clock, collector, eventually, tell }) => {
    await clock.set('2022-01-27T14:48:25+09:00');

    await tell.step('A batch of ten messages; the seventh is no event');
    const bodies = Array.from({ length: 10 }, (_, n) =>
      n === 6
        ? '{"event_id":"e6","event":null}'
        : JSON.stringify({
            event_id: `e${n}`,
            event: 'purchase',
            user_id: 'u1',
            event_datetime: '2022-01-27T05:48:25.000000Z',
            parameters: null,
          }),
    );
    const { Successful = [] } = await aws.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: collector.queueUrl,
        Entries: bodies.map((MessageBody, n) => ({ Id: `m${n}`, MessageBody })),
      }),
    );
    expect(Successful).toHaveLength(10);
    const poison = Successful.find(({ Id }) => Id === 'm6')?.MessageId ?? '';

    await tell.step('Nine rows at once; the bad one waits for its next try');
    await eventually(async () => {
      expect((await collector.rows()).total).toBe(9);
      expect(await collector.depth(collector.queueUrl)).toBe(1);
    });

    await tell.step('Half an hour later it has been tried four times, and lies in the dead-letter queue');
    await clock.advance('30m');
    const dead = await collector.look(collector.deadLetterQueueUrl);
    expect(dead).toEqual([{ messageId: poison, body: bodies[6] }]);
    expect(await collector.depth(collector.queueUrl)).toBe(0);

    const rows = await collector.rows();
    expect(rows.total).toBe(9);
    expect(rows.copies.size).toBe(9);

    const journey = await tell.journey('The poison message', poison);
    const outcomes = journey.steps.map(({ detail }) => detail?.outcome).filter((outcome) => outcome !== undefined);
    // The function itself succeeds each time: it reports the one message that failed.
    expect(outcomes).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded']);
    expect((await testbench.check()).deadLettered).toBe(1);
  },
);
