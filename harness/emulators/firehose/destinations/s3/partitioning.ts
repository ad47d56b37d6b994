import type { DynamicPartitioningConfiguration, ProcessingConfiguration } from '@aws-sdk/client-firehose';
import { createRandom } from '../../../../clock/index.ts';
import { errors } from '../../errors.ts';
import { type FailedRecord, failRecord } from '../../failed-record.ts';
import type { Processed, Processing } from '../../processing/index.ts';
import { extractionFailure, NO_KEYS } from '../../processing/metadata-extraction.ts';
import { type FirehoseRecord, type PartitionKeys, type Run, recordsOf } from '../../runs.ts';
import type { Violations } from '../../violations.ts';
import { dateFields } from './date-fields.ts';
import { MAX_EVALUATED_PREFIX_LENGTH, type PrefixTemplate } from './prefix.ts';

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_RetryOptions.html */
const MAX_RETRY_SECONDS = 7200;
const DEFAULT_RETRY_SECONDS = 300;
/** AWS: "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled." */
const MIN_SIZE_MIB = 64;
/** What is used when no hints are given; AWS does not say, but its 5 MiB of other streams would be too few. */
export const PARTITIONED_DEFAULT_SIZE_MIB = 128;
/** Zero buffering is not for dynamic partitioning (https://docs.aws.amazon.com/firehose/latest/dev/buffering.html). */
const MIN_INTERVAL_SECONDS = 60;
/** For the length of a prefix, which is the same at any time. */
const SAMPLE = { time: dateFields(0), random: createRandom(0) };

/** With the default that AWS shows (recorded). */
export function describePartitioning(
  configuration: DynamicPartitioningConfiguration | undefined,
): DynamicPartitioningConfiguration | undefined {
  if (!configuration?.Enabled) return configuration;
  return { ...configuration, RetryOptions: configuration.RetryOptions ?? { DurationInSeconds: DEFAULT_RETRY_SECONDS } };
}

export function checkPartitioning(
  path: string,
  configuration: DynamicPartitioningConfiguration | undefined,
  violations: Violations,
): void {
  const seconds = configuration?.RetryOptions?.DurationInSeconds;
  violations.range(`${path}.retryOptions.durationInSeconds`, seconds, 0, MAX_RETRY_SECONDS);
}

/**
 * The rules of dynamic partitioning that AWS has for a new stream's prefix, buffer and processing, in its words where
 * they are known.
 *
 * @throws InvalidArgumentException
 */
export function checkPartitioned(
  isEnabled: boolean,
  prefix: PrefixTemplate,
  hints: { readonly sizeInMBs: number; readonly intervalInSeconds: number },
): void {
  const usesKeys = prefix.partitionKeys.length > 0;
  if (!isEnabled) {
    if (!usesKeys) return;
    throw errors.invalid(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    );
  }
  if (!usesKeys) {
    throw errors.invalid(
      'S3 Prefix should contain Dynamic Partitioning namespaces when Dynamic Partitioning is enabled',
    );
  }
  if (hints.sizeInMBs < MIN_SIZE_MIB) {
    throw errors.invalid(
      `BufferingHints.SizeInMBs must be at least ${MIN_SIZE_MIB} when Dynamic Partitioning is enabled.`,
    );
  }
  if (hints.intervalInSeconds < MIN_INTERVAL_SECONDS) {
    throw errors.invalid(
      `BufferingHints.IntervalInSeconds must be at least ${MIN_INTERVAL_SECONDS} when Dynamic Partitioning is enabled.`,
    );
  }
}

/**
 * Processing whose records are partitioned by what the prefix makes of their keys: keys that it does not use are taken
 * off, and records for which it cannot be evaluated are failed.
 *
 * @throws InvalidArgumentException when nothing finds keys, or more are looked for than the prefix uses
 */
export function partitioned(processing: Processing | undefined, prefix: PrefixTemplate): Processing {
  if (!processing) throw errors.invalid('Processing Configuration is not enabled when DataPartitioning is enabled');
  checkQuery(processing.configuration, prefix);
  return {
    configuration: processing.configuration,
    hints: processing.hints,
    async run(batch, attempt): Promise<Processed> {
      const processed = await processing.run(batch, attempt);
      const runs: Run[] = [];
      const failed: FailedRecord[] = [];
      const told = new Set<string>();
      let original: Map<string, FirehoseRecord> | undefined;
      for (const run of processed.runs) {
        const partitionKeys = usedKeys(run.partitionKeys, prefix);
        const problem = partitionKeys ? problemOf(partitionKeys, prefix) : NO_KEYS;
        if (partitionKeys && problem === undefined) {
          runs.push({ ...run, partitionKeys });
          continue;
        }
        const failure = extractionFailure(problem ?? NO_KEYS, attempt.now());
        if (!told.has(failure.errorMessage)) attempt.reportError(failure.errorCode, failure.errorMessage);
        told.add(failure.errorMessage);
        original ??= new Map([...recordsOf(batch.runs)].map((record) => [record.id, record]));
        for (const record of recordsOf([run])) {
          failed.push(failRecord({ ...record, data: original.get(record.id)?.data ?? record.data }, failure));
        }
      }
      return { ...processed, runs, failed: [...processed.failed, ...failed] };
    },
  };
}

/** Of queries that simply make an object: `{customer: .id, year: .time[0:4]}`. */
function checkQuery({ Processors: processors = [] }: ProcessingConfiguration, prefix: PrefixTemplate): void {
  const extraction = processors.find(({ Type }) => Type === 'MetadataExtraction');
  const parameter = extraction?.Parameters?.find(({ ParameterName }) => ParameterName === 'MetadataExtractionQuery');
  const query = (parameter?.ParameterValue ?? '').replaceAll(/"[^"]*"(?!\s*:)/g, '""');
  if (!/^\s*\{[^{}]*\}\s*$/.test(query)) return;
  const used = new Set(prefix.partitionKeys.filter(({ source }) => source === 'fromQuery').map(({ id }) => id));
  for (const [, key = ''] of query.matchAll(/[{,]\s*"?([\w-]+)"?\s*:/g)) {
    if (used.has(key)) continue;
    throw errors.invalid(
      "MetaDataExtraction JQ Query can't contain keys that are not present in the S3 Prefix expression",
    );
  }
}

/** Undefined when one is missing. */
function usedKeys(keys: PartitionKeys | undefined, prefix: PrefixTemplate): PartitionKeys | undefined {
  const used: Record<keyof PartitionKeys, Record<string, string>> = { fromQuery: {}, fromLambda: {} };
  for (const { source, id } of prefix.partitionKeys) {
    const value = keys?.[source][id];
    if (typeof value !== 'string' || value === '') return undefined;
    used[source][id] = value;
  }
  return used;
}

/** Too long a prefix would be refused by S3 again and again. */
function problemOf(partitionKeys: PartitionKeys, prefix: PrefixTemplate): string | undefined {
  const evaluated = prefix.evaluate({ ...SAMPLE, partitionKeys });
  if (evaluated.length <= MAX_EVALUATED_PREFIX_LENGTH) return undefined;
  return `Length of evaluated prefix cannot be greater than ${MAX_EVALUATED_PREFIX_LENGTH}`;
}
