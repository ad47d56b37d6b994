import { readCreatedTime } from './day.ts';

/** What became of one post. `status` 0: no answer came. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

export interface ReplayOptions {
  post(body: string): Promise<Answer>;
  /** How many seconds of the readings' time pass in one; Infinity: as quickly as they are answered. */
  readonly speed: number;
  sleep(ms: number): Promise<void>;
  /** Now, in ms; only differences count. */
  now(): number;
  readonly signal: AbortSignal;
  /** Called for each answer. */
  report(body: string, answer: Answer): void;
}

export interface Summary {
  readonly posted: number;
  readonly failed: number;
}

const MAX_UNDER_WAY = 8;
/** Tries of one reading that was not taken, and the pause after the first; it doubles. The same reading is stored once. */
const TRIES = 4;
const FIRST_PAUSE_MS = 500;

/** Posts bodies at the pace at which they were made, by their `createdtime`; those without one go at once. */
export async function replay(bodies: Iterable<string>, options: ReplayOptions): Promise<Summary> {
  const { speed, now, sleep, signal } = options;
  const underWay = new Set<Promise<void>>();
  let begun: { readonly at: number; readonly made: number } | undefined;
  let posted = 0;
  let failed = 0;
  const send = async (body: string) => {
    const answer = await postPatiently(body, options);
    posted++;
    if (answer.status !== 200) failed++;
    options.report(body, answer);
  };
  for (const body of bodies) {
    const made = madeAt(body);
    if (made !== undefined && Number.isFinite(speed)) {
      begun ??= { at: now(), made };
      const wait = begun.at + (made - begun.made) / speed - now();
      if (wait > 0) await sleep(wait);
    }
    while (underWay.size >= MAX_UNDER_WAY) await Promise.race(underWay);
    if (signal.aborted) break;
    const sending = send(body).finally(() => underWay.delete(sending));
    underWay.add(sending);
  }
  await Promise.all(underWay);
  return { posted, failed };
}

/** Posts again what was not taken because something is away; never what is bad. */
async function postPatiently(body: string, { post, sleep, signal }: ReplayOptions): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await post(body);
    const mayWork = answer.status === 0 || answer.status === 429 || answer.status >= 500;
    if (!mayWork || tries === TRIES || signal.aborted) return answer;
    await sleep(FIRST_PAUSE_MS * 2 ** (tries - 1));
  }
}

/** When the first sensor that says so was read, in ms. */
function madeAt(body: string): number | undefined {
  try {
    const sensors = Object.values(JSON.parse(body) as Record<string, { createdtime?: unknown } | null>);
    return sensors.map((sensor) => readCreatedTime(sensor?.createdtime)).find((time) => time !== undefined);
  } catch {
    return undefined;
  }
}
