/** Where an emulator counts what CloudWatch shows. */
export interface Metrics {
  count(namespace: string, metric: string, dimensions: Readonly<Record<string, string>>, value: number): void;
}

/** The metrics of delivery streams (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html). */
export interface MetricSink {
  count(deliveryStreamName: string, metric: string, value: number): void;
}

const NAMESPACE = 'AWS/Firehose';

export function createMetricSink(metrics: Metrics): MetricSink {
  return {
    count: (deliveryStreamName, metric, value) =>
      metrics.count(NAMESPACE, metric, { DeliveryStreamName: deliveryStreamName }, value),
  };
}
