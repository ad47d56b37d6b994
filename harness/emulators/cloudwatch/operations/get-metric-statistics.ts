import {
  GetMetricStatistics$,
  type GetMetricStatisticsInput,
  type GetMetricStatisticsOutput,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import type { Operation } from '../../../edge/emulator.ts';
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
import { invalidCombination, invalidValue, missing, unsupported } from '../errors.ts';
import type { MetricStore } from '../store.ts';

/** Datapoints in one answer: API_GetMetricStatistics.html */
const MAX_DATAPOINTS = 1440;

/** API_GetMetricStatistics.html */
export function getMetricStatistics(
  store: MetricStore,
): Operation<GetMetricStatisticsInput, GetMetricStatisticsOutput> {
  return {
    schema: GetMetricStatistics$,
    run(input, call) {
      const namespace = checkName('Namespace', input.Namespace);
      const name = checkName('MetricName', input.MetricName);
      const { from, to } = checkRange(input.StartTime, input.EndTime);
      const periodMs = checkPeriod('Period', input.Period);
      const dimensions = checkDimensions('Dimensions', input.Dimensions);
      checkUnit('Unit', input.Unit);
      if (input.ExtendedStatistics?.length) throw unsupported('ExtendedStatistics');
      if (!input.Statistics?.length) throw missing('Statistics');
      for (const [at, statistic] of input.Statistics.entries()) {
        if (!STATISTICS.includes(statistic)) {
          throw invalidValue(`The value ${statistic} for parameter Statistics.member.${at + 1} is invalid.`);
        }
      }
      const requested = Math.ceil((to - from) / periodMs);
      if (requested > MAX_DATAPOINTS) {
        throw invalidCombination(
          `You have requested up to ${requested.toLocaleString('en-US')} datapoints, which exceeds the limit of ` +
            `${MAX_DATAPOINTS.toLocaleString('en-US')}. You may reduce the datapoints requested by increasing Period, ` +
            'or decreasing the time range.',
        );
      }
      const statistics = input.Statistics as readonly Statistic[];
      return {
        Label: name,
        Datapoints: store
          .datapoints(call, { namespace, name, dimensions }, { from, to, periodMs }, input.Unit)
          .map((datapoint) => ({
            Timestamp: new Date(datapoint.at),
            ...Object.fromEntries(statistics.map((statistic) => [statistic, statisticOf(datapoint, statistic)])),
            Unit: datapoint.unit as StandardUnit,
          })),
      };
    },
  };
}
