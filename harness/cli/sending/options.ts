import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import {
  lastOf,
  POLICIES,
  type RetryPolicy,
  type SenderName,
  type Series,
  scaled,
} from '../../../fixtures/senders/index.ts';
import { parseDuration } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';

const MAX_COUNT = 10_000_000;
const MAX_CONNECTIONS = 1_000;
/** Makes the better part of a year of the longest wait of a sender's own. */
const MAX_FACTOR = 1_000;
/** Events tell their time with four digits of the year, some in UTC and some in Korea. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999+09:00');

export interface PatienceOptions {
  readonly accept?: RetryPolicy['accepts'];
  readonly timeout?: number;
  readonly retries?: readonly number[];
  readonly retryScale?: number;
}

/** The sender's own patience, but for what was asked for. */
export function policyOf(
  sender: SenderName,
  { accept, timeout, retries, retryScale = 1 }: PatienceOptions,
): RetryPolicy {
  const own = POLICIES[sender];
  return scaled(
    {
      ...own,
      accepts: accept ?? own.accepts,
      timeoutMs: timeout ?? own.timeoutMs,
      retryAfterMs: retries ?? own.retryAfterMs,
    },
    retryScale,
  );
}

/** Errors: `BEYOND_YEARS`. */
export function refuseYears(series: Series): void {
  if (series.from >= FIRST_INSTANT && lastOf(series) <= LAST_INSTANT) return;
  throw new NaetmulError('BEYOND_YEARS', 'These events would not all happen in the years 0001 to 9999.', {
    remedy: 'Let fewer happen, sooner after each other, or at another time: --count, --rate, --spread, --at.',
  });
}

/** Reads `--count`. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return count;
  throw new InvalidArgumentError(`It takes a number from 1 to ${MAX_COUNT}.`);
}

/** Reads `--concurrency`. */
export function parseConnections(text: string): number {
  const connections = Number(text);
  if (Number.isInteger(connections) && connections >= 1 && connections <= MAX_CONNECTIONS) return connections;
  throw new InvalidArgumentError(`It takes a number from 1 to ${MAX_CONNECTIONS}.`);
}

/** Reads `--rate`: events a second, or `max`. */
export function parseRate(text: string): number {
  const rate = text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
  if (text.trim() !== '' && rate > 0 && (text === 'max' || Number.isFinite(rate))) return rate;
  throw new InvalidArgumentError('It takes a number of events a second above 0, such as 200 or 0.5, or max.');
}

/** Reads `--duplicates`: `5%` or `0.05`. */
export function parseShare(text: string): number {
  const [, number = '', percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const share = percent === '%' ? Number(number) / 100 : Number(number);
  if (number !== '' && share <= 1) return share;
  throw new InvalidArgumentError('It takes a share, such as 5% or 0.05, of 100% at most.');
}

/** Reads `--retry-scale`. */
export function parseFactor(text: string): number {
  const factor = Number(text);
  if (text.trim() !== '' && factor >= 0 && factor <= MAX_FACTOR) return factor;
  throw new InvalidArgumentError(
    `It takes a number from 0 to ${MAX_FACTOR}, such as 0.001 to make seconds of 15 minutes.`,
  );
}

/** Reads `--retries`: `1s,5s,1m`, or `none`. */
export function parseDurations(text: string): readonly number[] {
  return text === 'none' ? [] : text.split(',').map((part) => parseDuration(part.trim()));
}

/** Reads `--connect-to`. */
export function parseAddress(text: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host !== '' && Number(port) <= 65_535) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  throw new InvalidArgumentError('It takes the form host:port, such as localhost:8443.');
}

/** Errors: `FILE_UNREADABLE`. */
export function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new NaetmulError('FILE_UNREADABLE', `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      remedy: 'Name a file in PEM, as `naetmul cert` writes it.',
      cause,
    });
  }
}
