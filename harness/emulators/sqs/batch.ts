import { SendMessageBatch$ } from '@aws-sdk/client-sqs';
import { AwsError } from '../../edge/aws-error.ts';
import { queryError } from '../../edge/protocols/query.ts';
import { errors } from './errors.ts';
import { MAX_BATCH_ENTRIES, MAX_BATCH_ENTRY_ID_LENGTH } from './limits.ts';

interface Entry {
  readonly Id?: string | undefined;
}

export interface FailedEntry {
  readonly Id: string;
  readonly SenderFault: boolean;
  readonly Code: string;
  readonly Message: string;
}

const ENTRY_ID = new RegExp(`^[A-Za-z0-9_-]{1,${MAX_BATCH_ENTRY_ID_LENGTH}}$`);

/** Checks what is wrong with a batch as a whole. @param entryType AWS's name of the entries' type */
export function checkBatch<T extends Entry>(entries: readonly T[] | undefined, entryType: string): readonly T[] {
  if (!entries || entries.length === 0) throw errors.emptyBatch(entryType);
  if (entries.length > MAX_BATCH_ENTRIES) throw errors.tooManyEntries(entries.length);
  const seen = new Set<string>();
  for (const { Id = '' } of entries) {
    if (!ENTRY_ID.test(Id)) throw errors.invalidEntryId();
    if (seen.has(Id)) throw errors.repeatedEntryId(Id);
    seen.add(Id);
  }
  return entries;
}

/** What each entry came to; AWS leaves out the list that would be empty. */
export interface BatchOutcome<R> {
  readonly Successful?: ({ readonly Id: string } & R)[];
  readonly Failed?: FailedEntry[];
}

/** Runs each entry by itself. */
export function runBatch<T extends Entry, R extends object>(
  entries: readonly T[],
  run: (entry: T) => R,
): BatchOutcome<R> {
  const successful: ({ readonly Id: string } & R)[] = [];
  const failed: FailedEntry[] = [];
  for (const entry of entries) {
    const Id = entry.Id ?? '';
    try {
      successful.push({ Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id, SenderFault: error.status < 500, Code: codeOf(error), Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 ? { Successful: successful } : {}),
    ...(failed.length > 0 ? { Failed: failed } : {}),
  };
}

/** Entries fail with the codes of the Query API, whatever the protocol. */
function codeOf(error: AwsError): string {
  return queryError({ operations: [{ schema: SendMessageBatch$, run: () => undefined }] }, error).code;
}
