import { kstDay } from '../../ingest/kst-day.ts';
import type { Counts, DayReport } from './model.ts';

const HEAD = ['sender', 'hour', 'raw', 'copies', 'unique'];

/** For people: a row for each sender and hour, with sums, and then what there is to know about the reading. */
export function describeReport(report: DayReport): string {
  const { day, senders, total } = report;
  const { start, end } = kstDay(day);
  const rows = senders.flatMap(({ sender, hours, total }) => [
    ...hours.map(({ hour, ...counts }, index) => [index === 0 ? sender : '', label(hour), ...numbers(counts)]),
    ['', 'all', ...numbers(total)],
  ]);
  const by = report.time === 'event' ? 'the events’ own time' : 'time of receipt';
  const head = `Webhooks of ${day} in Korea (${instant(start)} to ${instant(end)}), by ${by}`;
  if (rows.length === 0) return [head, 'There are none.', ...notes(report)].join('\n');
  return [head, '', ...table([HEAD, ...rows, ['all', '', ...numbers(total)]]), '', ...notes(report)].join('\n');
}

function notes({ read, time, untimed, windowHours, unreadable }: DayReport): string[] {
  const more = unreadable.count - unreadable.examples.length;
  return [
    `Copies: received again at most ${windowHours} h later. Read: ${amount(read.records, 'record')} in ` +
      `${amount(read.objects, 'object')} of ${amount(read.folders, 'hour folder')}, ${read.outside} not of the day.`,
    ...(time === 'event' && untimed > 0
      ? [`${amount(untimed, 'record')} without a time that can be read: counted by time of receipt.`]
      : []),
    ...(unreadable.count > 0
      ? [`WARNING: ${unreadable.count} could not be read, and ${many(unreadable.count)} not counted:`]
      : []),
    ...unreadable.examples.map(
      ({ key, offset, reason }) => `  ${key}${offset === undefined ? '' : `, byte ${offset}`}: ${reason}`,
    ),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

/** The first two columns begin at the left, the numbers end at the right. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}

function numbers({ raw, copies, unique }: Counts): string[] {
  return [raw, copies, unique].map(String);
}

/** `14:00`: the hour that begins then. */
function label(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace(':00.000Z', 'Z');
}

function amount(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function many(count: number): string {
  return count === 1 ? 'is' : 'are';
}
