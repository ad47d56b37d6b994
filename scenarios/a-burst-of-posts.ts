import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { createRandom, expect, scenario } from '../harness/kit/index.ts';

const POSTS = 5000;
/** What one shard takes in a second. */
const RECORDS_PER_SECOND = 1000;
/** Senders that come back at different times do not stand in each other's way again. */
const LONGEST_WAIT_S = 4;

scenario(
  'a burst of 5,000 posts is more than a shard takes; senders that try again are in S3 exactly once each',
  async ({ aws, clock, ingest, tell, testbench }) => {
    const { kinesis } = await testbench.status();
    await clock.set('2022-01-27T20:00:00+09:00');
    const random = createRandom('burst');
    const bodies = Array.from({ length: POSTS }, (_, n) =>
      JSON.stringify({ n, type: `Tip ${random.integer(9)}`, text: '냇물'.repeat(random.integer(20)) }),
    );

    await tell.step(
      `${POSTS} posts at once on 64 connections; who is refused tries again, 1 to ${LONGEST_WAIT_S} s later`,
    );
    const sequenceNumbers: string[] = [];
    const takenInSecond: number[] = [];
    const waiting: string[][] = [bodies];
    let refusals = 0;
    for (let second = 0; sequenceNumbers.length < POSTS; second++) {
      if (second > 0) await clock.advance('1s');
      const due = waiting[second] ?? [];
      const answers = await Promise.all(due.map((body) => ingest.post(body)));
      for (const [n, { status, json }] of answers.entries()) {
        if (status === 200) {
          sequenceNumbers.push(json.SequenceNumber);
          continue;
        }
        expect([status, json]).toEqual([429, { message: 'Too Many Requests' }]);
        refusals++;
        const again = second + 1 + random.integer(LONGEST_WAIT_S);
        waiting[again] = waiting[again] ?? [];
        waiting[again].push(due[n] as string);
      }
      takenInSecond.push(sequenceNumbers.length - takenInSecond.reduce((sum, taken) => sum + taken, 0));
    }
    tell.figure('taken in each second', takenInSecond.join(', '));
    tell.figure('refused, and tried again', refusals);
    // LocalStack's Kinesis knows no limit.
    expect(Math.max(...takenInSecond)).toBe(kinesis === 'naetmul' ? RECORDS_PER_SECOND : POSTS);

    await tell.step('CloudWatch has counted every refusal');
    const { Datapoints = [] } = await aws.cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Kinesis',
        MetricName: 'WriteProvisionedThroughputExceeded',
        Dimensions: [{ Name: 'StreamName', Value: ingest.stream }],
        StartTime: new Date((await clock.now()) - 60_000),
        EndTime: new Date((await clock.now()) + 60_000),
        Period: 60,
        Statistics: ['Sum'],
      }),
    );
    expect(Datapoints.reduce((sum, point) => sum + (point.Sum ?? 0), 0)).toBe(refusals);

    await tell.step('Each has a sequence number of its own');
    expect(new Set(sequenceNumbers).size).toBe(POSTS);

    await tell.step('Five minutes later the objects hold each of them once, and nothing else');
    await clock.advance('5m');
    const keys = await ingest.keys();
    const contents = await Promise.all(keys.map((key) => ingest.object(key)));
    const stored = contents.flatMap((content) => content.toString().replaceAll('}{', '}\n{').split('\n'));
    tell.figure('objects', keys.length);
    expect(stored.toSorted()).toEqual(bodies.toSorted());

    await tell.journey('The last of them', sequenceNumbers.at(-1) ?? '');
  },
);
