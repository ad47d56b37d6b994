import type { FailedRecord, Failure } from '../failed-record.ts';
import { queryAll } from './jq.ts';
import { failItem, type Item, reportOnce, type Stage } from './stage.ts';

const ERROR_CODE = 'DynamicPartitioning.MetadataExtractionFailed';
/** Seen in failed records of real streams, as are the code and the folder. */
const NOT_JSON = 'Non JSON record provided';
export const NO_KEYS = 'partitionKeys values must not be null or empty';

/** `MetadataExtraction`: finds each record's partition keys by a jq query that makes an object of them. */
export function metadataExtractionStage(query: string): Stage {
  return {
    async run(items, attempt) {
      const passed: Item[] = [];
      const failed: FailedRecord[] = [];
      const fail = (item: Item, message: string) => {
        failed.push(failItem(item, extractionFailure(message, attempt.now())));
      };
      const asked = items.map((item) => ({ item, json: readJson(item.data) }));
      const answers = await queryAll(
        query,
        asked.flatMap(({ json }) => json ?? []),
        attempt.now(),
      );
      const waiting = answers.values();
      for (const { item, json } of asked) {
        const answer = json === undefined ? { error: NOT_JSON } : (waiting.next().value ?? { error: NO_KEYS });
        const found = 'error' in answer ? answer : readKeys(answer.value);
        if ('error' in found) {
          fail(item, found.error);
          continue;
        }
        const fromLambda = item.partitionKeys?.fromLambda ?? {};
        passed.push({ ...item, partitionKeys: { fromQuery: found.keys, fromLambda } });
      }
      reportOnce(attempt, failed);
      return { passed, failed };
    },
  };
}

/** Lets no record pass that has not a single partition key: the last stage of dynamic partitioning. */
export const partitionKeysStage: Stage = {
  async run(items, attempt) {
    const passed: Item[] = [];
    const failed: FailedRecord[] = [];
    for (const item of items) {
      const { fromQuery = {}, fromLambda = {} } = item.partitionKeys ?? {};
      if (Object.keys(fromQuery).length + Object.keys(fromLambda).length > 0) passed.push(item);
      else failed.push(failItem(item, extractionFailure(NO_KEYS, attempt.now())));
    }
    reportOnce(attempt, failed);
    return { passed, failed };
  },
};

export function extractionFailure(errorMessage: string, now: number): Failure {
  return {
    type: 'metadata-extraction-failed',
    attemptsMade: 1,
    errorCode: ERROR_CODE,
    errorMessage,
    attemptEndingTimestamp: now,
  };
}

/** The record's text on one line, if it is one JSON value. */
function readJson(data: Uint8Array): string | undefined {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString();
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

/** Partition keys out of an object of texts; other values have been made texts before. */
export function readKeys(value: unknown): { keys: Readonly<Record<string, string>> } | { error: string } {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return { error: NO_KEYS };
  const entries = Object.entries(value);
  const isKey = ([, text]: [string, unknown]) => typeof text === 'string' && text !== '';
  if (entries.length === 0 || !entries.every(isKey)) return { error: NO_KEYS };
  return { keys: Object.fromEntries(entries) };
}
