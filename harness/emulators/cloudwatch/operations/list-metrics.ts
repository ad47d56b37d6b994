import { ListMetrics$, type ListMetricsInput, type ListMetricsOutput } from '@aws-sdk/client-cloudwatch';
import type { Operation } from '../../../edge/emulator.ts';
import { invalidValue, missing, unsupported } from '../errors.ts';
import type { MetricId, MetricStore } from '../store.ts';

/** Metrics in one answer: API_ListMetrics.html */
const PAGE = 500;

/** API_ListMetrics.html; in the order in which the metrics first appeared. */
export function listMetrics(store: MetricStore): Operation<ListMetricsInput, ListMetricsOutput> {
  return {
    schema: ListMetrics$,
    run({ Namespace, MetricName, Dimensions = [], NextToken, RecentlyActive, OwningAccount }, call) {
      if (RecentlyActive !== undefined) throw unsupported('RecentlyActive');
      if (OwningAccount !== undefined && OwningAccount !== call.accountId) return { Metrics: [] };
      for (const [at, { Name }] of Dimensions.entries()) {
        if (Name === undefined) throw missing(`Dimensions.member.${at + 1}.Name`);
      }
      const offset = readToken(NextToken);
      const wanted = store
        .metrics(call)
        .filter(
          ({ namespace, name, dimensions }) =>
            (Namespace === undefined || namespace === Namespace) &&
            (MetricName === undefined || name === MetricName) &&
            Dimensions.every(({ Name, Value }) =>
              dimensions.some((dimension) => dimension.name === Name && (Value ?? dimension.value) === dimension.value),
            ),
        );
      return {
        Metrics: wanted.slice(offset, offset + PAGE).map(describe),
        ...(wanted.length > offset + PAGE ? { NextToken: String(offset + PAGE) } : {}),
      };
    },
  };
}

function describe({ namespace, name, dimensions }: MetricId) {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: dimensions.map((dimension) => ({ Name: dimension.name, Value: dimension.value })),
  };
}

function readToken(token: string | undefined): number {
  if (token === undefined) return 0;
  if (!/^\d{1,15}$/.test(token)) throw invalidValue('The value for parameter NextToken is invalid.');
  return Number(token);
}
