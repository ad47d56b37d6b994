/** `node devices/pub.ts --url …` plays detectors: it posts a generated day of readings, or those of a file. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bodiesIn } from './bodies.ts';
import { A_DAY, aDay } from './day.ts';
import { type Answer, replay } from './replay.ts';
import { UsageError, wholeNumber } from './usage.ts';

const USAGE = `Usage: node devices/pub.ts --url <url of /gasdetector> [options]

  --from <file>       post the readings of a file: one JSON document, or one on each line
  --seed <text>       instead, a generated day of readings; the same seed makes the same day (default ${A_DAY.seed})
  --detectors <n>     how many detectors make it (default ${A_DAY.detectors})
  --day <YYYY-MM-DD>  which day (default ${A_DAY.day})
  --every <seconds>   between two readings of a detector (default ${A_DAY.everySeconds})
  --speed <n>         seconds of the readings' time in one second, or "max" (default 60: a day takes 24 minutes)
  --quiet             print nothing but the sum and what was refused`;

const ANSWER_WITHIN_MS = 30_000;

interface Arguments {
  readonly url: URL;
  readonly bodies: Iterable<string>;
  readonly speed: number;
  readonly quiet: boolean;
}

function readArguments(args: readonly string[]): Arguments {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: text,
      from: text,
      seed: text,
      detectors: text,
      day: text,
      every: text,
      speed: { ...text, default: '60' },
      quiet: flag,
      help: { ...flag, short: 'h' },
    },
  });
  if (values.help) throw new UsageError('');
  if (values.url === undefined) throw new UsageError('--url is missing: where readings are posted to.');
  if (!/^https?:\/\//.test(values.url) || !URL.canParse(values.url)) {
    throw new UsageError(`--url must be an address with http:// or https://, not ${values.url}.`);
  }
  const speed = values.speed === 'max' ? Number.POSITIVE_INFINITY : Number(values.speed);
  if (!(speed > 0)) throw new UsageError(`--speed must be a number above 0 or "max", not ${values.speed}.`);
  return { url: new URL(values.url), bodies: bodiesOf(values), speed, quiet: values.quiet };
}

function bodiesOf(values: Readonly<Record<string, string | boolean | undefined>>): Iterable<string> {
  const { from, seed = A_DAY.seed, day = A_DAY.day, detectors, every } = values as Record<string, string | undefined>;
  if (from !== undefined) {
    const other = ['seed', 'detectors', 'day', 'every'].find((name) => values[name] !== undefined);
    if (other !== undefined) throw new UsageError(`--${other} goes with a generated day, not with --from.`);
    try {
      return bodiesIn(from);
    } catch (error) {
      throw new UsageError(`--from: ${(error as Error).message}.`);
    }
  }
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day))) {
    throw new UsageError(`--day must look like ${A_DAY.day}, not ${day}.`);
  }
  const options = {
    seed,
    day,
    detectors: wholeNumber('detectors', detectors, A_DAY.detectors, 1, 1_000),
    everySeconds: wholeNumber('every', every, A_DAY.everySeconds, 1, 86_400),
  };
  return aDay(options).map((reading) => JSON.stringify(reading));
}

async function post(url: URL, body: string): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    return { status: response.status, text: (await response.text()).trim() };
  } catch (error) {
    const { message, cause } = error as Error;
    return { status: 0, text: `${url.host} gave no answer: ${cause instanceof Error ? cause.message : message}` };
  }
}

async function main({ url, bodies, speed, quiet }: Arguments): Promise<number> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const { posted, failed } = await replay(bodies, {
    post: (body) => post(url, body),
    speed,
    sleep: (ms) => delay(ms, undefined, { signal: stop.signal }).catch(() => undefined),
    now: () => performance.now(),
    signal: stop.signal,
    report(body, { status, text }) {
      if (status !== 200) console.error(`${status || 'no answer'} ${text}  for ${body.slice(0, 200)}`);
      else if (!quiet) console.log(`${status} ${text}  ${summaryOf(body)}`);
    },
  });
  console.log(`${posted} posted, ${failed} of them not taken${stop.signal.aborted ? '; stopped' : ''}`);
  return failed > 0 ? 1 : 0;
}

function summaryOf(body: string): string {
  const { groupid, no2 } = JSON.parse(body);
  return `detector ${groupid}  ${no2?.createdtime ?? ''}  NO2 ${no2?.value}`;
}

try {
  process.exitCode = await main(readArguments(process.argv.slice(2)));
} catch (error) {
  const { message } = error as Error;
  if (message !== '') console.error(message);
  console.error(USAGE);
  process.exitCode = message === '' ? 0 : 2;
}
