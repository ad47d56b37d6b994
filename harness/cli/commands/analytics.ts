import { Command, InvalidArgumentError, Option } from 'commander';
import type { Counts, Event, Events, Failure, Indices } from '../../../services/app-analytics/web/shared/api.ts';
import { formatDuration, formatInstant, parseDuration, parseInstant } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import { analyticsBench } from '../app-analytics.ts';
import { portOption } from '../options.ts';
import { print, printJson } from '../terminal.ts';
import { dashboardsCommand } from './analytics-dashboards.ts';
import { reindexCommand } from './analytics-reindex.ts';
import { replayFailedCommand } from './analytics-replay-failed.ts';

interface Options {
  readonly port: number;
  readonly last?: number;
  readonly from?: number;
  readonly to?: number;
  readonly type?: string;
  readonly size: number;
  readonly json?: boolean;
}

const MAX_SIZE = 500;

export function analyticsCommand(): Command {
  return new Command('analytics')
    .description('show the app’s events in OpenSearch: its indices, and what arrived when')
    .helpCommand(false)
    .addOption(
      new Option('--last <duration>', 'what arrived so long ago at most; 15m unless told otherwise')
        .argParser(parseDuration)
        .conflicts(['from', 'to']),
    )
    .option('--from <instant>', 'what arrived from then on: ISO 8601 with offset', parseInstant)
    .option('--to <instant>', 'what arrived before then; the bench’s now unless told otherwise', parseInstant)
    .option('--type <event type>', 'list events of this type only, such as _email.open')
    .addOption(new Option('--size <count>', 'how many events to list').argParser(parseSize).default(20))
    .addOption(portOption())
    .option('--json', 'as JSON, for programs')
    .action(show)
    .addCommand(replayFailedCommand())
    .addCommand(reindexCommand())
    .addCommand(dashboardsCommand());
}

async function show({ port, last, from, to, type, size, json }: Options): Promise<void> {
  const bench = await analyticsBench({ port });
  const url = bench.output('Url');
  const range: Record<string, string> = {
    ...(last === undefined ? {} : { last: String(last / 1000) }),
    ...(from === undefined ? {} : { from: formatInstant(from) }),
    ...(to === undefined ? {} : { to: formatInstant(to) }),
  };
  const [indices, events, counts] = await Promise.all([
    askView<Indices>(url, '/api/indices', {}),
    askView<Events>(url, '/api/events', { ...range, size: String(size), ...(type === undefined ? {} : { type }) }),
    askView<Counts>(url, '/api/counts', range),
  ]);
  if (json) printJson({ indices, events, counts });
  else print([describeIndices(indices), describeEvents(events, counts), `The same as a page: ${url}`].join('\n\n'));
}

/** Asks the pipeline's view. Errors: `VIEW_AWAY`, and those that it answers with. */
async function askView<T>(url: string, path: string, query: Readonly<Record<string, string>>): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`${url}${path}?${new URLSearchParams(query)}`);
  } catch (cause) {
    throw new NaetmulError('VIEW_AWAY', `The view does not answer at ${url}.`, {
      remedy: 'See with `naetmul logs app-analytics-view` what became of it.',
      cause,
    });
  }
  const body = (await response.json()) as T | Failure;
  if (response.ok) return body as T;
  const { code, message } = (body as Failure).error;
  throw new NaetmulError(code.toUpperCase().replaceAll('-', '_'), message);
}

/** For people: what each index makes of the time, and what follows of it. */
export function describeIndices({ pattern, indices, verdict, probe, next }: Indices): string {
  const width = Math.max(0, ...indices.map(({ name }) => name.length));
  const rows = indices.map(
    ({ name, documents, bytes, type, aliases }) =>
      `  ${name.padEnd(width)}  ${String(documents).padStart(9)} documents  ${sizeOf(bytes).padStart(9)}  ${type ?? '-'}${aliases.map((alias) => `  (alias ${alias})`).join('')}`,
  );
  const sentence = {
    date: 'arrival_timestamp is a date in every index.',
    wrong: 'WARNING: arrival_timestamp is a date in no index. Ranges such as now-15m fail:',
    conflict: 'WARNING: arrival_timestamp is a date in some indices only. Ranges such as now-15m leave the others out:',
    untimed: 'No index has arrival_timestamp.',
    empty: `There is no index ${pattern} yet.`,
  }[verdict];
  const problem = probe && [
    `  ${probe.query}`,
    `  HTTP ${probe.status}: ${probe.error}${probe.status === 200 ? ` (${probe.failed} of ${probe.shards} shards failed)` : ''}`,
    '  The way out: `naetmul analytics reindex`.',
  ];
  const coming =
    next.type === 'date'
      ? `The next index, ${next.name}, gets a date by the template ${next.template}.`
      : `WARNING: no index template makes arrival_timestamp a date in the next index, ${next.name}.`;
  return [...(rows.length > 0 ? ['Indices', ...rows] : []), sentence, ...(problem ?? []), coming].join('\n');
}

/** For people: how many there are in the range and outside of it, by type, and the newest ones. */
export function describeEvents(answer: Events, counts: Counts): string {
  const { from, to, type, total, before, after, untimed, events } = answer;
  const outside = [
    ...(before > 0 ? [`${before} before`] : []),
    ...(after > 0 ? [`${after} after`] : []),
    ...(untimed > 0 ? [`${untimed} without a time`] : []),
  ];
  const others = counts.others === undefined ? [] : [{ type: 'others', count: counts.others.count }];
  const shown = events.length < total ? [`  … and ${total - events.length} more`] : [];
  return [
    `${total} ${total === 1 ? 'event' : 'events'}${type === undefined ? '' : ` of ${type}`} from ${formatInstant(from)} to ${formatInstant(to)} (${formatDuration(to - from)}).`,
    outside.length === 0 ? 'None lie outside.' : `Outside: ${outside.join(', ')}.`,
    ...[...counts.types, ...others].map(({ type, count }) => `  ${String(count).padStart(9)}  ${type}`),
    ...(events.length === 0 ? [] : ['Newest first, by arrival_timestamp']),
    ...events.map(describeEvent),
    ...shown,
  ].join('\n');
}

function describeEvent({ arrival, type, client, facts }: Event): string {
  const told = facts.map(([name, value]) => `${name}=${value}`).join(' ');
  return `  ${formatInstant(arrival)}  ${(type ?? '-').padEnd(18)}  ${client ?? '-'}  ${told}`.trimEnd();
}

function sizeOf(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

function parseSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 0 && size <= MAX_SIZE) return size;
  throw new InvalidArgumentError(`It takes a number from 0 to ${MAX_SIZE}.`);
}
