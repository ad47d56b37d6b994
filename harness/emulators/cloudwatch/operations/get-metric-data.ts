import {
  GetMetricData$,
  type GetMetricDataInput,
  type GetMetricDataOutput,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Call, Operation } from '../../../edge/emulator.ts';
import {
  checkDimensions,
  checkName,
  checkPeriod,
  checkRange,
  checkUnit,
  STATISTICS,
  type Statistic,
  statisticOf,
} from '../checks.ts';
import { invalidValue, missing, unsupported } from '../errors.ts';
import type { Datapoint, MetricStore, StatisticSet } from '../store.ts';

/** Limits of one call: API_GetMetricData.html */
const MAX_QUERIES = 500;
const MAX_DATAPOINTS = 100_800;

/** API_GetMetricData.html; of metrics, not of expressions. */
export function getMetricData(store: MetricStore): Operation<GetMetricDataInput, GetMetricDataOutput> {
  return {
    schema: GetMetricData$,
    run(input, call) {
      const { MetricDataQueries: queries, ScanBy, MaxDatapoints = MAX_DATAPOINTS } = input;
      if (!queries?.length) throw missing('MetricDataQueries');
      if (queries.length > MAX_QUERIES) {
        throw invalidValue(`The collection MetricDataQueries must not have a size greater than ${MAX_QUERIES}.`);
      }
      checkIds(queries);
      const range = checkRange(input.StartTime, input.EndTime);
      if (MaxDatapoints < 1 || MaxDatapoints > MAX_DATAPOINTS) {
        throw invalidValue(`The value ${MaxDatapoints} for parameter MaxDatapoints is invalid.`);
      }
      const offset = readToken(input.NextToken);

      const results = queries
        .map((query, at) => answer(store, query, at, range, call, ScanBy === 'TimestampAscending'))
        .filter((_, at) => queries[at]?.ReturnData !== false);
      const total = results.reduce((sum, { Values }) => sum + (Values?.length ?? 0), 0);
      const end = offset + MaxDatapoints;
      return {
        MetricDataResults: offset === 0 && total <= end ? results : page(results, offset, end),
        Messages: [],
        ...(total > end ? { NextToken: String(end) } : {}),
      };
    },
  };
}

function answer(
  store: MetricStore,
  query: MetricDataQuery,
  at: number,
  range: { readonly from: number; readonly to: number },
  call: Call,
  ascending: boolean,
): MetricDataResult {
  const here = `MetricDataQueries.member.${at + 1}`;
  const { Id, MetricStat: wanted, Expression, Label } = query;
  if (Expression !== undefined) throw unsupported(`An Expression (${here})`);
  if (!wanted) throw missing(`${here}.MetricStat`);
  const namespace = checkName(`${here}.MetricStat.Metric.Namespace`, wanted.Metric?.Namespace);
  const name = checkName(`${here}.MetricStat.Metric.MetricName`, wanted.Metric?.MetricName);
  const dimensions = checkDimensions(`${here}.MetricStat.Metric.Dimensions`, wanted.Metric?.Dimensions);
  const periodMs = checkPeriod(`${here}.MetricStat.Period`, wanted.Period);
  checkUnit(`${here}.MetricStat.Unit`, wanted.Unit);
  const statistic = wanted.Stat as Statistic | undefined;
  if (statistic === undefined) throw missing(`${here}.MetricStat.Stat`);
  if (!STATISTICS.includes(statistic)) throw unsupported(`The statistic ${statistic} (${here}.MetricStat.Stat)`);

  const found = store.datapoints(call, { namespace, name, dimensions }, { ...range, periodMs }, wanted.Unit);
  const points = overUnits(found).map(([time, set]) => [new Date(time), statisticOf(set, statistic)] as const);
  if (!ascending) points.reverse();
  return {
    Id,
    Label: Label ?? name,
    Timestamps: points.map(([time]) => time),
    Values: points.map(([, value]) => value),
    StatusCode: 'Complete',
  };
}

/** Without a unit asked for, the samples of all units count together. */
function overUnits(datapoints: readonly Datapoint[]): [number, StatisticSet][] {
  const sets = new Map<number, StatisticSet>();
  for (const point of datapoints) {
    const other = sets.get(point.at);
    sets.set(
      point.at,
      other
        ? {
            sampleCount: other.sampleCount + point.sampleCount,
            sum: other.sum + point.sum,
            minimum: Math.min(other.minimum, point.minimum),
            maximum: Math.max(other.maximum, point.maximum),
          }
        : point,
    );
  }
  return [...sets];
}

function checkIds(queries: readonly MetricDataQuery[]): void {
  const ids = new Set<string>();
  for (const [at, { Id }] of queries.entries()) {
    const here = `MetricDataQueries.member.${at + 1}.Id`;
    if (Id === undefined) throw missing(here);
    if (!/^[a-z][a-zA-Z0-9_]*$/.test(Id)) throw invalidValue(`The value ${Id} for parameter ${here} is invalid.`);
    if (ids.has(Id)) throw invalidValue(`The values for parameter Id in MetricDataQueries are not unique.`);
    ids.add(Id);
  }
}

/** The part of the results that lies between two places, counted in datapoints over all of them. */
function page(results: readonly MetricDataResult[], from: number, to: number): MetricDataResult[] {
  let before = 0;
  return results.map((result) => {
    const { Timestamps = [], Values = [] } = result;
    const [start, end] = [Math.max(0, from - before), Math.max(0, to - before)];
    before += Values.length;
    return {
      ...result,
      Timestamps: Timestamps.slice(start, end),
      Values: Values.slice(start, end),
      StatusCode: end < Values.length ? 'PartialData' : 'Complete',
    };
  });
}

function readToken(token: string | undefined): number {
  if (token === undefined) return 0;
  if (!/^\d{1,15}$/.test(token)) throw invalidValue('The value for parameter NextToken is invalid.');
  return Number(token);
}
