import type { AwsAccess } from '../../../../edge/emulator.ts';
import type { Attempt } from '../../destinations/destination.ts';
import type { FailedRecord } from '../../failed-record.ts';
import { extractionFailure, readKeys } from '../metadata-extraction.ts';
import { failItem, type Item, reportOnce, type Stage } from '../stage.ts';
import { readAnswer, type Verdict } from './answer.ts';
import { eventRecords, splitForEvents } from './event.ts';
import { invokeUntilAnswered, type Outcome } from './invoke.ts';
import type { LambdaSettings } from './settings.ts';

export type { LambdaSettings } from './settings.ts';

/**
 * `Lambda`: has a function transform the records
 * (https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html). An invocation that fails, for whatever
 * reason, is made again; what a function answers is final.
 */
export function lambdaStage(settings: LambdaSettings, aws: AwsAccess): Stage {
  return {
    async run(items, attempt, batchId) {
      const passed: Item[] = [];
      const dropped: Item[] = [];
      const failed: FailedRecord[] = [];
      for (const [index, records] of splitForEvents(eventRecords(items), attempt).entries()) {
        const outcome = await invokeUntilAnswered(records, settings, aws, attempt, `${batchId}/${index}`);
        const ids = records.map(({ recordId }) => recordId);
        const verdicts = 'payload' in outcome ? readAnswer(outcome.payload, ids) : ids.map(() => giveUp(outcome));
        const unsuccessful: FailedRecord[] = [];
        records.forEach(({ item }, n) => {
          const end = settle(item, verdicts[n] as Verdict, outcome, settings);
          if (end === 'dropped') dropped.push(item);
          else if ('errorCode' in end) unsuccessful.push(end);
          else passed.push(end);
        });
        // Invocations that failed have been told of one by one.
        if ('payload' in outcome) reportOnce(attempt, unsuccessful);
        for (const record of unsuccessful) failed.push(record);
      }
      countSucceeded(passed, attempt);
      return { passed, dropped, failed };
    },
  };
}

function giveUp({
  reason,
}: Outcome & { readonly reason: { readonly code: string; readonly message: string } }): Verdict {
  return { result: 'failed', reason };
}

/** What becomes of a record. */
function settle(
  item: Item,
  verdict: Verdict,
  { attemptsMade, endedAt }: Outcome,
  { functionArn, takesPartitionKeys }: LambdaSettings,
): Item | 'dropped' | FailedRecord {
  switch (verdict.result) {
    case 'Dropped':
      return 'dropped';
    case 'failed':
      return failItem(item, {
        type: 'processing-failed',
        attemptsMade,
        errorCode: verdict.reason.code,
        errorMessage: verdict.reason.message,
        attemptEndingTimestamp: endedAt,
        after: { lambdaArn: functionArn },
      });
    case 'Ok': {
      const { data, partitionKeys } = verdict;
      if (!takesPartitionKeys || Object.keys(partitionKeys).length === 0) return { ...item, data };
      const found = readKeys(partitionKeys);
      if ('error' in found) return failItem(item, extractionFailure(found.error, endedAt));
      return { ...item, data, partitionKeys: { fromQuery: {}, fromLambda: found.keys } };
    }
  }
}

/** The function's successes, in bytes of what it was given. */
function countSucceeded(passed: readonly Item[], attempt: Attempt): void {
  if (passed.length === 0) return;
  attempt.count('SucceedProcessing.Records', passed.length);
  const bytes = passed.reduce((sum, { source, at }) => sum + (source.data[at]?.length ?? 0), 0);
  attempt.count('SucceedProcessing.Bytes', bytes);
}
