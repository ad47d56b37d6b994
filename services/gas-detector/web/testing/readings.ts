import { SENSORS, type Sensor } from '../shared/sensors.ts';

/** A reading as the function stores it: the detector's document, and when it came. */
export interface StoredReading {
  readonly groupid: string;
  readonly gps: string;
  readonly date: string;
  readonly co: StoredValue;
  readonly no2: StoredValue;
  readonly c2h5oh: StoredValue;
  readonly h2: StoredValue;
}

interface StoredValue {
  readonly sensorid: string;
  readonly sensortype: string;
  readonly value: string;
  readonly createdtime: string;
}

/** Around a university in the north of Seoul, where the workshop's detector stood. */
const PLACES: Readonly<Record<string, string>> = {
  '1': '37.61131, 126.99512',
  '2': '37.61002501514269, 126.99636868892937',
  '3': '37.60874, 126.99841',
  '4': '37.61218, 126.99803',
};

const TYPES: Readonly<Record<Sensor, string>> = { co: '8', no2: '9', c2h5oh: '27', h2: '30' };
const USUAL: Readonly<Record<Sensor, number>> = { co: 26, no2: 52, c2h5oh: 26, h2: 400 };
const DAY = 24 * 60 * 60 * 1000;

/** The same readings for the same arguments; NO₂ swings so far that the second detector passes 88 on its way. */
export function readingsOf(groupids: readonly string[], from: number, to: number, every: number): StoredReading[] {
  const readings: StoredReading[] = [];
  for (let time = from; time < to; time += every) {
    for (const groupid of groupids) readings.push(readingAt(groupid, time));
  }
  return readings;
}

export function readingAt(groupid: string, time: number, values: Partial<Record<Sensor, string>> = {}): StoredReading {
  const date = new Date(time).toISOString();
  const sensor = (name: Sensor): StoredValue => ({
    sensorid: String(Number(groupid) * 4 + SENSORS.indexOf(name) - 3).padStart(4, '0'),
    sensortype: TYPES[name],
    value: values[name] ?? valueAt(Number(groupid), name, time).toFixed(2),
    createdtime: date.slice(0, 19).replace('T', ' '),
  });
  const sensors = { co: sensor('co'), no2: sensor('no2'), c2h5oh: sensor('c2h5oh'), h2: sensor('h2') };
  return { groupid, gps: PLACES[groupid] ?? '', date, ...sensors };
}

function valueAt(detector: number, sensor: Sensor, time: number): number {
  const day = (2 * Math.PI * time) / DAY;
  const swing = 0.3 * Math.sin(day + detector) + 0.12 * Math.sin(17 * day + 2 * detector);
  const noise = 0.05 * Math.sin(time / 977 + detector * 13) * Math.cos(time / 311);
  const rush = sensor === 'no2' && detector === 2 ? 0.5 * Math.max(0, Math.sin(24 * day)) ** 6 : 0;
  return USUAL[sensor] * (1 + 0.08 * (detector - 2) + swing + noise + rush);
}
