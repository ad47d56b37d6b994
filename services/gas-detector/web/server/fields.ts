import { SENSORS, type Sensor } from '../shared/sensors.ts';
import { Refusal } from './refusal.ts';

/**
 * Where the index holds what is asked for, as the function's index template says (handler/index-template.ts). What nobody
 * has sent yet is undefined.
 */
export interface Fields {
  readonly date: string | undefined;
  /** The detectors' names, whole. */
  readonly groupid: string | undefined;
  /** The sensors' values, as numbers. */
  readonly values: Readonly<Record<Sensor, string | undefined>>;
}

/** `fields` of the answer to `GET /{index}/_field_caps`: the types of each field. */
export type FieldCaps = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const NUMBERS: ReadonlySet<string> = new Set([
  'long',
  'integer',
  'short',
  'byte',
  'double',
  'float',
  'half_float',
  'scaled_float',
]);
const DATES: ReadonlySet<string> = new Set(['date', 'date_nanos']);
const KEYWORDS: ReadonlySet<string> = new Set(['keyword']);

export const ASKED_FIELDS = [
  'date',
  ...['groupid', 'groupid.keyword'],
  ...SENSORS.flatMap((sensor) => [`${sensor}.value`, `${sensor}.value.number`]),
];

/**
 * Errors: `Refusal` 500 where `date` is no date or a value no number, as OpenSearch makes of the readings by itself. That
 * cannot be changed for an index that is there.
 */
export function readFields(caps: FieldCaps): Fields {
  const types = (name: string) => Object.keys(caps[name] ?? {}).filter((type) => type !== 'unmapped');
  const isAll = (name: string, wanted: ReadonlySet<string>) =>
    types(name).length > 0 && types(name).every((type) => wanted.has(type));
  const field = (name: string, candidates: readonly string[], wanted: ReadonlySet<string>): string | undefined => {
    const found = candidates.find((candidate) => isAll(candidate, wanted));
    if (found !== undefined || types(name).length === 0) return found;
    const message = `The index has ${name} as ${types(name).join(' and ')} only, which cannot be charted. Its template must be there before the first reading is stored.`;
    throw new Refusal(500, 'search-mapping', message);
  };
  const value = (sensor: Sensor) => {
    const name = `${sensor}.value`;
    return field(name, [`${name}.number`, name], NUMBERS);
  };
  return {
    date: field('date', ['date'], DATES),
    groupid: field('groupid', ['groupid', 'groupid.keyword'], KEYWORDS),
    values: { co: value('co'), no2: value('no2'), c2h5oh: value('c2h5oh'), h2: value('h2') },
  };
}
