import { createHash } from 'node:crypto';

export interface Sensor {
  readonly sensorid: string;
  readonly sensortype: string;
  readonly value: string;
  /** `2021-09-03 18:14:49`, by the detector's clock, which has no time zone. */
  readonly createdtime: string;
}

/** What a detector posts: all values are texts. */
export interface DetectorReading {
  readonly groupid: string;
  /** `latitude, longitude`. */
  readonly gps: string;
  readonly co: Sensor;
  readonly no2: Sensor;
  readonly c2h5oh: Sensor;
  readonly h2: Sensor;
}

export interface DayOptions {
  /** The same seed makes the same day. */
  readonly seed: string;
  readonly detectors: number;
  /** `2021-09-03`. */
  readonly day: string;
  /** Seconds between two readings of one detector; they take turns within them. */
  readonly everySeconds: number;
}

export const A_DAY: DayOptions = { seed: '1', detectors: 4, day: '2021-09-03', everySeconds: 60 };

const SECONDS_OF_A_DAY = 86_400;
/** Where the workshop's detector stood, and so does the second of ours. */
const SEOUL = { latitude: 37.61002501514269, longitude: 126.99636868892937 };

/**
 * A day of readings, in the order of time: NO₂ follows the traffic of a city, with two rush hours, and at the busier
 * places it passes the threshold for a while.
 */
export function* aDay(options: Partial<DayOptions> = {}): Generator<DetectorReading> {
  const { seed, detectors, day, everySeconds } = { ...A_DAY, ...options };
  const all = Array.from({ length: detectors }, (_none, at) => detector(at + 1, chance(`${seed}/${day}/${at + 1}`)));
  const midnight = Date.parse(`${day}T00:00:00Z`);
  for (let second = 0; second < SECONDS_OF_A_DAY; second += everySeconds) {
    for (const [at, read] of all.entries()) {
      const own = second + Math.floor((at * everySeconds) / detectors);
      if (own < SECONDS_OF_A_DAY) yield read(own / 3600, createdTimeOf(midnight + own * 1000));
    }
  }
}

/** ms of `2021-09-03 18:14:49`, to know how much later one reading was made than another; undefined for no such time. */
export function readCreatedTime(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function createdTimeOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

function detector(group: number, random: () => number) {
  const around = (value: number) => value + (group === 2 ? 0 : (random() - 0.5) / 20);
  const gps = `${around(SEOUL.latitude)}, ${around(SEOUL.longitude)}`;
  const traffic = 40 + random() * 40;
  const co = drift(26, 4, random);
  const no2 = drift(25, 12, random);
  const c2h5oh = drift(26, 3, random);
  const h2 = drift(400, 15, random);
  return (hour: number, createdtime: string): DetectorReading => {
    const rush = peak(hour, 8.5, 1.2) + peak(hour, 18.5, 1.6);
    const sensor = (at: number, sensortype: string, value: string): Sensor => ({
      sensorid: String((group - 1) * 4 + at).padStart(4, '0'),
      sensortype,
      value,
      createdtime,
    });
    return {
      groupid: String(group),
      gps,
      co: sensor(1, '8', (co() + rush * 6).toFixed(2)),
      no2: sensor(2, '9', Math.max(0, no2() + rush * traffic).toFixed(2)),
      c2h5oh: sensor(3, '27', c2h5oh().toFixed(2)),
      h2: sensor(4, '30', h2().toFixed(0)),
    };
  };
}

/** 1 at an hour, falling to both sides. */
function peak(hour: number, at: number, width: number): number {
  return Math.exp(-(((hour - at) / width) ** 2));
}

/** A value that wanders and comes back, as a sensor's does. */
function drift(middle: number, spread: number, random: () => number): () => number {
  let off = 0;
  return () => {
    off = off * 0.98 + (random() - 0.5) * spread * 0.35;
    return middle + off;
  };
}

/** Numbers from 0 to 1 that follow from a text alone (mulberry32). */
function chance(seed: string): () => number {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
