import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import {
  type BookEntry,
  eventsOf,
  identityOf,
  interleave,
  jumpingClock,
  play,
  type SentEvent,
  timesTaken,
  totalsOf,
} from '../fixtures/senders/index.ts';
import { type AwsClients, checkCopies, createRandom, expect, scenario } from '../harness/kit/index.ts';
import { dedupe } from '../services/webhooks/dedupe.ts';
import { eventIdentity } from '../services/webhooks/dedupe-identity.ts';
import type { WebhookRecord } from '../services/webhooks/record.ts';

const BEGIN = '2022-01-27T20:00:00+09:00';
const COUNTS = { '050': 3400, appsflyer: 3300, adbrix: 3300 } as const;
const EVENTS = COUNTS['050'] + COUNTS.appsflyer + COUNTS.adbrix;
/** Two and a half times what a shard takes. */
const BURST_MS = 4_000;
/** What is posted within a step is posted at its beginning; time stands still until all is answered. */
const STEP_MS = 250;
/** How many answers do not come. */
const WITHHELD = 20;

/** All three senders at once: forms of calls, JSON of installs and purchases, and of adbrix both. */
function burst(from: number): Iterable<SentEvent> {
  const series = (count: number, seed: string) => ({ seed, count, from, spreadMs: BURST_MS });
  return interleave(
    eventsOf('050', series(COUNTS['050'], 'burst')),
    eventsOf('appsflyer', series(COUNTS.appsflyer, 'burst')),
    eventsOf('adbrix', series(COUNTS.adbrix / 2, 'forms'), { format: 'form' }),
    eventsOf('adbrix', series(COUNTS.adbrix / 2, 'json'), { format: 'json' }),
  );
}

function* inSteps(events: Iterable<SentEvent>): Generator<SentEvent> {
  for (const event of events) yield { ...event, at: event.at - (event.at % STEP_MS) };
}

function countBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

const idOf = ({ sender, event }: Pick<WebhookRecord, 'sender' | 'event'>) =>
  identityOf(sender as SentEvent['sender'], event);

async function throttledWrites({ cloudwatch }: AwsClients, stream: string, from: number): Promise<number> {
  const { Datapoints = [] } = await cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Kinesis',
      MetricName: 'WriteProvisionedThroughputExceeded',
      Dimensions: [{ Name: 'StreamName', Value: stream }],
      Statistics: ['Sum'],
      StartTime: new Date(from),
      EndTime: new Date(from + 24 * 3_600_000),
      Period: 3600,
    }),
  );
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}

scenario(
  'ten thousand webhooks meet a shard that takes a thousand a second, and each counts once in the end',
  async ({ aws, clock, tell, testbench, webhooks }) => {
    await clock.set(BEGIN);
    const from = await clock.now();

    await tell.step(
      `Three senders post ${EVENTS} events within ${BURST_MS / 1000} seconds; ${WITHHELD} of their answers never come`,
    );
    await testbench.addFault({ at: 'apigateway/webhooks', kind: 'withhold-answer', times: WITHHELD });
    const { entries } = await play({
      events: inSteps(burst(from)),
      post: webhooks.poster(),
      clock: jumpingClock(from, async (ms) => void (await testbench.orderClock({ order: 'advance', ms }))),
      random: createRandom('a burst of webhooks'),
      pace: 'at',
      duplicates: 0.05,
    });
    const totals = totalsOf(entries);
    tell.figure('events', totals.events);
    tell.figure('posts', totals.posts);
    tell.figure('throttled (429)', totals.outcomes.throttled);
    tell.figure('timed out', totals.outcomes.timeout);
    tell.figure('sent twice though taken', totals.duplicates);
    expect(totals.fates).toEqual({ taken: EVENTS, 'given-up': 0, unknown: 0, open: 0 });
    expect(totals.outcomes).toMatchObject({ timeout: WITHHELD, failed: 0, refused: 0, broken: 0, unreachable: 0 });

    await tell.step('Whoever was throttled tried again, and got through');
    const throttled = entries.filter(({ posts }) => posts.some(({ outcome }) => outcome === 'throttled'));
    tell.figure('events that were throttled, and recovered', throttled.length);
    const waits = throttled.map(({ posts }) => (posts.find(({ outcome }) => outcome === 'ok')?.at ?? 0) - from);
    tell.figure('the last of them got through after', `${Math.round(Math.max(0, ...waits) / 60_000)} minutes`);

    await tell.step('The ledger and the metrics say the same as the senders');
    const ledger = await testbench.ledger(1_000_000);
    const at = (where: string, what: string) => ledger.filter((entry) => entry.where === where && entry.what === what);
    const refused = at('apigateway/webhooks', 'refused');
    expect(at('apigateway/webhooks', 'received')).toHaveLength(totals.posts);
    expect(refused.map(({ detail }) => detail?.status)).toEqual(Array(totals.outcomes.throttled).fill(429));
    expect(await throttledWrites(aws, webhooks.stream, from)).toBe(totals.outcomes.throttled);
    const taken = totals.outcomes.ok + WITHHELD;
    expect(at(`kinesis/${webhooks.stream}`, 'accepted')).toHaveLength(taken);

    await tell.step('S3 holds what was taken, copies and all; without the copies each event is there exactly once');
    await clock.advance('5m');
    const stored = await webhooks.stored();
    expect(stored).toHaveLength(taken);
    const sent = entries.map(({ id }) => id);
    const copies = countBy(stored, idOf);
    expect(checkCopies(sent, copies, { atMost: 3 })).toMatchObject({ ok: true });
    expect(entries.filter((entry) => !agrees(entry, copies.get(entry.id) ?? 0))).toEqual([]);
    const once: WebhookRecord[] = [];
    for await (const record of dedupe(stored, { identity: eventIdentity })) once.push(record);
    tell.figure('records in S3', stored.length);
    tell.figure('copies removed', stored.length - once.length);
    expect(checkCopies(sent, countBy(once, idOf), { atMost: 1 })).toMatchObject({ ok: true, stored: EVENTS });

    const late = throttled.find(({ sender }) => sender === 'appsflyer') ?? entries[0];
    await tell.journey('One that was throttled at first', late?.posts.at(-1)?.requestId ?? '');
  },
);

/** Whether an event is in S3 as often as its sender may think. */
function agrees(entry: BookEntry, copies: number): boolean {
  const { least, most } = timesTaken(entry);
  return copies >= least && copies <= most;
}
