import { type MetricDatum, PutMetricData$, type PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../../../clock/index.ts';
import type { Operation } from '../../../edge/emulator.ts';
import { checkDimensions, checkName, checkUnit } from '../checks.ts';
import { invalidCombination, invalidValue, missing, unsupported } from '../errors.ts';
import type { MetricStore, StatisticSet } from '../store.ts';

/** Limits: API_PutMetricData.html, API_MetricDatum.html */
const MAX_DATA = 1000;
const MAX_VALUES = 150;
const MAX_AGE_MS = 14 * 86_400_000;
const MAX_AHEAD_MS = 2 * 3_600_000;

/** API_PutMetricData.html */
export function putMetricData(store: MetricStore, clock: Clock): Operation<PutMetricDataInput, object> {
  return {
    schema: PutMetricData$,
    run({ Namespace, MetricData = [], EntityMetricData }, call) {
      const namespace = checkName('Namespace', Namespace);
      if (namespace.startsWith('AWS/')) throw invalidValue('The value AWS/ for parameter Namespace is invalid.');
      if (EntityMetricData) throw unsupported('EntityMetricData');
      if (MetricData.length === 0) throw missing('MetricData');
      if (MetricData.length > MAX_DATA) {
        throw invalidValue(`The collection MetricData must not have a size greater than ${MAX_DATA}.`);
      }
      const now = clock.now();
      // All are checked before any is stored.
      const data = MetricData.map((datum, at) => read(datum, `MetricData.member.${at + 1}`, now));
      for (const { name, dimensions, unit, at, sets } of data) {
        const series = store.series(call, { namespace, name, dimensions }, unit);
        for (const set of sets) series.add(at, set);
      }
      return {};
    },
  };
}

function read(datum: MetricDatum, here: string, now: number) {
  const { MetricName, Dimensions, Timestamp, Unit = 'None' } = datum;
  checkUnit(`${here}.Unit`, Unit);
  return {
    name: checkName(`${here}.MetricName`, MetricName),
    dimensions: checkDimensions(`${here}.Dimensions`, Dimensions),
    unit: Unit,
    at: readTime(Timestamp, here, now),
    sets: readSamples(datum, here),
  };
}

function readTime(timestamp: Date | undefined, here: string, now: number): number {
  const at = timestamp?.getTime() ?? now;
  if (at < now - MAX_AGE_MS) {
    throw invalidValue(`The parameter ${here}.Timestamp must specify a time no more than two weeks in the past.`);
  }
  if (at > now + MAX_AHEAD_MS) {
    throw invalidValue(`The parameter ${here}.Timestamp must specify a time no more than two hours in the future.`);
  }
  return at;
}

/** A datum has either one value, or values with their counts, or a set of statistics. */
function readSamples({ Value, Values, Counts, StatisticValues }: MetricDatum, here: string): StatisticSet[] {
  const given = [
    Value === undefined ? undefined : 'Value',
    Values === undefined ? undefined : 'Values',
    StatisticValues === undefined ? undefined : 'StatisticValues',
  ].filter((name) => name !== undefined);
  const [first, second] = given;
  if (first === undefined) {
    throw missing(`${here}.Value`);
  }
  if (second !== undefined) {
    throw invalidCombination(
      `The parameters ${here}.${first} and ${here}.${second} are mutually exclusive and you have specified both.`,
    );
  }
  if (Value !== undefined) return [sampleSet(checkNumber(Value, `${here}.Value`), 1)];
  if (StatisticValues) {
    const { SampleCount, Sum, Minimum, Maximum } = StatisticValues;
    const place = `${here}.StatisticValues`;
    return [
      {
        sampleCount: checkNumber(SampleCount, `${place}.SampleCount`),
        sum: checkNumber(Sum, `${place}.Sum`),
        minimum: checkNumber(Minimum, `${place}.Minimum`),
        maximum: checkNumber(Maximum, `${place}.Maximum`),
      },
    ];
  }
  const values = Values ?? [];
  if (values.length > MAX_VALUES) {
    throw invalidValue(`The collection ${here}.Values must not have a size greater than ${MAX_VALUES}.`);
  }
  if (Counts && Counts.length !== values.length) {
    throw invalidValue(`The parameters ${here}.Values and ${here}.Counts must be of the same size.`);
  }
  return values.map((value, at) => {
    const place = `member.${at + 1}`;
    return sampleSet(
      checkNumber(value, `${here}.Values.${place}`),
      checkNumber(Counts?.[at] ?? 1, `${here}.Counts.${place}`),
    );
  });
}

function sampleSet(value: number, count: number): StatisticSet {
  return { sampleCount: count, sum: value * count, minimum: value, maximum: value };
}

function checkNumber(value: number | undefined, parameter: string): number {
  if (value === undefined) throw missing(parameter);
  if (!Number.isFinite(value)) throw invalidValue(`The value ${value} for parameter ${parameter} is invalid.`);
  return value;
}
