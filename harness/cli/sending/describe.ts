import {
  type Book,
  type BookEntry,
  type Fate,
  OUTCOMES,
  type Outcome,
  type PostRecord,
  type Totals,
} from '../../../fixtures/senders/index.ts';
import { formatDuration } from '../../clock/index.ts';

/** How many events are named that were not taken. */
const NAMED = 10;

const FATES: Readonly<Record<Fate, string>> = {
  taken: 'answered well at least once',
  'given-up': 'answered, never well, and not sent any more',
  unknown: 'not sent any more, though one post or more may have been taken',
  open: 'not sent yet, or waiting to be sent again',
};

const MEANINGS: Readonly<Record<Outcome, string>> = {
  ok: '',
  throttled: '429',
  failed: '5xx',
  refused: '4xx',
  unexpected: 'no status that this sender takes for success',
  timeout: 'no whole answer in time',
  broken: 'the connection broke',
  unreachable: 'no connection',
};

/** For people: the sender's book. `ms`: how long it took in all. */
export function describeBook(book: Book, totals: Totals, ms: number): string {
  const { events, posts, retries, duplicates, fates, outcomes, statuses } = totals;
  const rate = ms > 0 ? `, ${count((posts * 1000) / ms)} posts a second` : '';
  const notTaken = book.entries.filter(({ fate, posts }) => fate !== 'taken' && posts.length > 0);
  const fateRows = (Object.keys(FATES) as Fate[])
    .filter((fate) => fate === 'taken' || fates[fate] > 0)
    .map((fate) => row(fate.replace('-', ' '), fates[fate], FATES[fate]));
  const outcomeRows = OUTCOMES.filter((outcome) => outcomes[outcome] > 0).map((outcome) =>
    row(outcome, outcomes[outcome], MEANINGS[outcome]),
  );
  const answers = Object.entries(statuses).map(([status, times]) => `${status} × ${count(times)}`);
  const times = book.entries.flatMap(({ posts }) => posts.map(({ ms }) => ms)).sort((a, b) => a - b);
  return [
    `${count(events)} ${events === 1 ? 'event' : 'events'} in ${formatDuration(ms)}${rate}`,
    ...fateRows,
    '',
    `${count(posts)} ${posts === 1 ? 'post' : 'posts'}, of which ${count(retries)} again after a bad answer, and ${count(duplicates)} again after a good one`,
    ...outcomeRows,
    ...(answers.length > 0 ? [`  Answers: ${answers.join(', ')}`] : []),
    ...(times.length > 0
      ? [`  Half of the posts took ${formatDuration(at(times, 0.5))} at most, 99% ${formatDuration(at(times, 0.99))}`]
      : []),
    ...(notTaken.length > 0 ? ['', 'Not taken:', ...notTaken.slice(0, NAMED).map(describeEntry)] : []),
    ...(notTaken.length > NAMED ? [`  … and ${count(notTaken.length - NAMED)} more (all of them with --json)`] : []),
  ].join('\n');
}

function row(name: string, number: number, meaning: string): string {
  return `  ${name.padEnd(12)}${count(number).padStart(10)}  ${meaning}`.trimEnd();
}

function describeEntry({ id, posts }: BookEntry): string {
  const last = posts.at(-1) as PostRecord;
  const said = last.why === undefined || last.why === '' ? '' : `: ${last.why.replaceAll(/\s+/g, ' ')}`;
  return `  ${id}\n    ${posts.length} ${posts.length === 1 ? 'post' : 'posts'}, the last ${last.status ?? last.outcome}${said}`;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
