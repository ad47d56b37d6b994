import type { ProcessingConfiguration } from '@aws-sdk/client-firehose';
import type { AwsAccess } from '../../../edge/emulator.ts';
import type { FailedRecord } from '../failed-record.ts';
import { deaggregationStage } from './deaggregation.ts';
import { decompressionStage } from './decompression.ts';
import { delimiterStage } from './delimiter.ts';
import { lambdaStage } from './lambda/index.ts';
import { metadataExtractionStage, partitionKeysStage } from './metadata-extraction.ts';
import { readProcessors, type Settings } from './parameters.ts';
import type { TakenApart } from './parts.ts';
import type { Processing } from './processing.ts';
import { type Item, itemsOf, runsOf, type Stage } from './stage.ts';

export { checkProcessing } from './configuration.ts';
export { splitAggregate, type UserRecord } from './kpl.ts';
export { entriesOf, partsOf, type TakenApart } from './parts.ts';
export type { Processed, Processing } from './processing.ts';

/**
 * What is done to records before they are delivered; undefined when that is nothing.
 *
 * @throws InvalidArgumentException
 */
export function readProcessing(
  configuration: ProcessingConfiguration | undefined,
  _member: string,
  { dynamicPartitioning }: { readonly dynamicPartitioning: boolean },
  { aws }: { readonly aws: AwsAccess },
): Processing | undefined {
  if (configuration === undefined || configuration.Enabled === false) return undefined;
  const settings = readProcessors(configuration.Processors ?? [], dynamicPartitioning);
  const stages = stagesOf(settings, dynamicPartitioning, aws);
  return {
    configuration,
    hints: settings.lambda?.hints,
    async run({ id, runs }, attempt) {
      const dropped: Item[] = [];
      const failed: FailedRecord[] = [];
      const takenApart: TakenApart[] = [];
      let items: readonly Item[] = itemsOf(runs);
      for (const stage of stages) {
        if (items.length === 0) break;
        const result = await stage.run(items, attempt, id);
        items = result.passed;
        for (const item of result.dropped ?? []) dropped.push(item);
        for (const record of result.failed ?? []) failed.push(record);
        for (const apart of result.takenApart ?? []) takenApart.push(apart);
      }
      return { runs: runsOf(items), dropped: runsOf(dropped), failed, takenApart };
    },
  };
}

/**
 * In AWS's order, whatever that of the configuration
 * (https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-multirecord-deaggergation.html).
 */
function stagesOf(settings: Settings, dynamicPartitioning: boolean, aws: AwsAccess): Stage[] {
  const { decompression, deaggregation, lambda, query, delimiter } = settings;
  const stages: Stage[] = [];
  if (decompression) stages.push(decompressionStage(decompression.extractsMessages));
  if (deaggregation) stages.push(deaggregationStage(deaggregation));
  if (lambda) stages.push(lambdaStage({ ...lambda, takesPartitionKeys: dynamicPartitioning }, aws));
  if (query !== undefined) stages.push(metadataExtractionStage(query));
  if (dynamicPartitioning) stages.push(partitionKeysStage);
  if (delimiter) stages.push(delimiterStage(delimiter));
  return stages;
}
