import {
  type BookEntry,
  eventsOf,
  interleave,
  jumpingClock,
  play,
  SENDERS,
  type SentEvent,
  totalsOf,
} from '../fixtures/senders/index.ts';
import { createRandom, expect, scenario } from '../harness/kit/index.ts';
import { readKstDay, readUtcDate } from '../services/ingest/read-kst-day.ts';
import { eventIdentity } from '../services/webhooks/dedupe-identity.ts';
import type { WebhookRecord } from '../services/webhooks/record.ts';
import { type DayReport, reportDay } from '../services/webhooks/report/index.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** In Korea, around the end of a month. */
const BEGIN = Date.parse('2022-01-30T00:00:00+09:00');
const DAYS = ['2022-01-30', '2022-01-31', '2022-02-01'].map((day, index) => ({
  day,
  start: BEGIN + index * DAY_MS,
  end: BEGIN + (index + 1) * DAY_MS,
}));
/** In these minutes before midnight in Korea no answer arrives: what is posted again comes on the next day. */
const BEFORE_MIDNIGHT_MS = 10 * MINUTE_MS;
/** Of the other answers, the share that is lost. */
const LOST = 0.15;
/** Of the events whose answer arrived, the share that is sent twice all the same. */
const DUPLICATES = 0.1;

/** What each sender posts: through three days, and a few events just before each midnight in between. */
function marketing(): SentEvent[] {
  const series = SENDERS.flatMap((sender) => [
    eventsOf(sender, { seed: 'three days', count: 20, from: BEGIN, spreadMs: DAYS.length * DAY_MS }),
    ...[1, 2].map((day) =>
      eventsOf(sender, {
        seed: `the end of day ${day}`,
        count: 2,
        from: BEGIN + day * DAY_MS - BEFORE_MIDNIGHT_MS,
        spreadMs: BEFORE_MIDNIGHT_MS,
      }),
    ),
  ]);
  return [...interleave(...series)];
}

const untilMidnight = (instant: number) => DAY_MS - ((instant - BEGIN) % DAY_MS);

type Day = (typeof DAYS)[number];

const isOf = ({ start, end }: Day, instant: number) => instant >= start && instant < end;

/** `appsflyer 23`: a sender and an hour in Korea. */
type Hour = string;

interface Tally {
  raw: number;
  unique: number;
}

/** What each day's report is to say, by what the senders have done and nothing that was stored. */
function expectedOf(entries: readonly BookEntry[], day: Day): Map<Hour, Tally> {
  const tallies = new Map<Hour, Tally>();
  for (const { sender, posts } of entries) {
    // Each post has been taken, whether its answer arrived or not. The first tells of the event, others are copies.
    for (const [index, { at }] of posts.entries()) {
      if (!isOf(day, at)) continue;
      const hour = `${sender} ${Math.floor((at - day.start) / HOUR_MS)}`;
      const { raw, unique } = tallies.get(hour) ?? { raw: 0, unique: 0 };
      tallies.set(hour, { raw: raw + 1, unique: unique + (index === 0 ? 1 : 0) });
    }
  }
  return tallies;
}

function talliesOf({ senders }: DayReport): Map<Hour, Tally> {
  return new Map(
    senders.flatMap(({ sender, hours }) =>
      hours.map(({ hour, raw, unique }) => [`${sender} ${hour}`, { raw, unique }]),
    ),
  );
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
const receiptOf = (value: unknown) => (value as WebhookRecord).received_at;
const requestOf = ({ value }: { readonly value: unknown }) => (value as WebhookRecord).request_id;

scenario(
  'three days of webhooks around the end of a month are counted by sender and hour as they were sent in Korea',
  async ({ aws, clock, tell, testbench, webhooks }) => {
    await clock.set(new Date(BEGIN).toISOString());
    const events = marketing();

    await tell.step(
      'Call system, AppsFlyer and adbrix post at their own times; some answers are lost, so they post again',
    );
    const chance = createRandom('a marketing day');
    const answered = new Set<string>();
    const post = webhooks.poster();
    const { entries } = await play({
      events,
      async post(event, terms) {
        const isFirst = !answered.has(event.id);
        answered.add(event.id);
        const isLost = untilMidnight(event.at) <= BEFORE_MIDNIGHT_MS || chance.fork(event.id).next() < LOST;
        if (isFirst && isLost) await testbench.addFault({ at: 'apigateway/webhooks', kind: 'lose-answer' });
        return post(event, terms);
      },
      clock: jumpingClock(BEGIN, (ms) => clock.advance(`${ms}ms`)),
      random: createRandom('a marketing day'),
      pace: 'at',
      duplicates: DUPLICATES,
      // One after the other: a lost answer is that of the post that it was meant for.
      concurrency: 1,
    });
    await clock.advance('10m');
    const { retries, duplicates, fates, outcomes } = totalsOf(entries);
    expect(fates).toEqual({ taken: events.length, 'given-up': 0, unknown: 0, open: 0 });
    expect(outcomes).toMatchObject({ ok: events.length + duplicates, broken: retries });
    tell.figure('events', events.length);
    tell.figure('posted again for a lost answer', retries);
    tell.figure('sent twice though answered', duplicates);

    await tell.step('The report of each day says, by sender and hour, what the senders know that they sent');
    const source = { s3: aws.s3, bucket: webhooks.bucket };
    const reports: DayReport[] = [];
    for (const day of DAYS) {
      const report = await reportDay({ ...source, day: day.day });
      reports.push(report);
      expect(talliesOf(report)).toEqual(expectedOf(entries, day));
      const { total, unreadable } = report;
      expect(unreadable.count).toBe(0);
      expect(total.unique).toBe(events.filter(({ at }) => isOf(day, at)).length);
      tell.figure(`${day.day}, as it was`, `${total.raw} records, ${total.copies} copies, ${total.unique} events`);
    }
    expect(sum(reports.map(({ total }) => total.unique))).toBe(events.length);
    const inThreeDays = entries.flatMap(({ posts }) => posts).filter(({ at }) => DAYS.some((day) => isOf(day, at)));
    expect(sum(reports.map(({ total }) => total.raw))).toBe(inThreeDays.length);

    await tell.step('Who takes a UTC date for the day misses nine hours, and has nine of another day');
    const stored = await webhooks.stored();
    for (const day of DAYS) {
      const ofDay = new Set(
        stored.filter(({ received_at }) => isOf(day, received_at)).map((record) => record.request_id),
      );
      const naive = new Set((await readUtcDate({ ...source, date: day.day })).map(requestOf));
      const missed = ofDay.difference(naive).size;
      const foreign = naive.difference(ofDay).size;
      tell.figure(`${day.day}, by the folder of one UTC date`, `${missed} records missed, ${foreign} of another day`);
      expect(missed).toBeGreaterThan(ofDay.size / 5);
      // Nothing was sent after the last day.
      if (day !== DAYS.at(-1)) expect(foreign).toBeGreaterThan(ofDay.size / 5);
    }

    await tell.step('Who does not look back takes for new what is posted again after midnight');
    for (const [index, day] of DAYS.entries()) {
      const { records } = await readKstDay(
        { ...source, day: day.day },
        { recordTime: receiptOf, identity: ({ value }) => eventIdentity(value as WebhookRecord) },
      );
      const twice = entries.filter(
        ({ posts: [first, ...more] }) =>
          first !== undefined && first.at < day.start && more.some(({ at }) => isOf(day, at)),
      );
      expect(records).toHaveLength((reports[index]?.total.unique ?? 0) + twice.length);
      expect(twice.length > 0).toBe(index > 0);
      tell.figure(
        `${day.day}, without the day before`,
        `${records.length} events, ${twice.length} of them counted twice`,
      );
    }

    await tell.step('`naetmul report --json` says the same');
    for (const report of reports) {
      const { exitCode, stdout, stderr } = await webhooks.command('report', '--day', report.day, '--json');
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(JSON.parse(stdout)).toEqual(report);
    }
  },
);
