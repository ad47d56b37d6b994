import type { MetricSink } from '../../edge/sinks.ts';

/**
 * Counts what CloudWatch shows of one delivery stream
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html).
 */
export interface StreamMetrics {
  count(deliveryStreamName: string, metric: string, value: number): void;
}

const NAMESPACE = 'AWS/Firehose';

export function streamMetrics(sink: MetricSink): StreamMetrics {
  return {
    count: (deliveryStreamName, metric, value) =>
      sink.count(NAMESPACE, metric, { DeliveryStreamName: deliveryStreamName }, value),
  };
}
