import { parseJson } from './attempt.ts';

/** What a function that reports batch item failures said of its batch. */
export type BatchVerdict =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly reason: string }
  /** `failed` names some items of the batch, at least one. */
  | { readonly kind: 'partial'; readonly failed: ReadonlySet<string> };

const SUCCESS: BatchVerdict = { kind: 'success' };

/**
 * Reads the response of a function with `ReportBatchItemFailures` (Lambda developer guide, "Implementing partial batch
 * responses": conditions for complete success and complete failure). What is empty or null succeeds; what names
 * anything but items of the batch fails as a whole.
 *
 * @param payload what the handler returned, as JSON
 * @param items the batch's message ids or sequence numbers
 */
export function judgeBatchResponse(payload: Buffer, items: ReadonlySet<string>): BatchVerdict {
  if (payload.length === 0) return SUCCESS;
  const response = parseJson(payload);
  if (response === undefined) return failure('the response is not valid JSON');
  if (response === null || response === '') return SUCCESS;
  if (Array.isArray(response) && response.length === 0) return SUCCESS;
  if (typeof response !== 'object' || Array.isArray(response)) return failure('the response is not a JSON object');
  const { batchItemFailures: failures } = response as Record<string, unknown>;
  if (failures === undefined || failures === null) return SUCCESS;
  if (!Array.isArray(failures)) return failure('batchItemFailures is not a list');
  if (failures.length === 0) return SUCCESS;
  const failed = new Set<string>();
  for (const item of failures) {
    const identifier = (item as Record<string, unknown> | null)?.itemIdentifier;
    if (identifier === undefined) return failure('an item of batchItemFailures has no itemIdentifier');
    if (identifier === null || identifier === '') return failure('an itemIdentifier is empty');
    if (typeof identifier !== 'string' || !items.has(identifier)) {
      return failure(`the itemIdentifier ${JSON.stringify(identifier)} is not of this batch`);
    }
    failed.add(identifier);
  }
  return { kind: 'partial', failed };
}

function failure(what: string): BatchVerdict {
  return { kind: 'failure', reason: `partial batch response refused: ${what}` };
}
