import type { Batch } from '../../buffer.ts';
import { cutRun, type FirehoseRecord, type Run, recordsOf } from '../../runs.ts';

/** One record as a document. */
export interface Document {
  readonly run: Run;
  /** Which of the run's records it is. */
  readonly at: number;
  /** Its number in the batch. */
  readonly position: number;
  /** Bytes of the record that are sent: without newlines at its end. */
  readonly length: number;
  readonly index: string;
}

/** A batch, taken apart. */
export interface Documents {
  readonly sendable: readonly Document[];
  /** With a newline inside: these would break a bulk request for all others in it. */
  readonly malformed: readonly Document[];
}

export interface BulkRequest {
  readonly documents: readonly Document[];
  /** Newline-delimited JSON. */
  readonly body: Buffer;
}

/** The id of a document, or none for one that the domain is to name. */
export type DocumentNames = (document: Document) => string | undefined;

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** @param indexOf the index by a record's arrival */
export function documentsOf({ runs }: Pick<Batch, 'runs'>, indexOf: (arrival: number) => string): Documents {
  const sendable: Document[] = [];
  const malformed: Document[] = [];
  let position = 0;
  for (const run of runs) {
    const index = indexOf(run.arrival);
    run.data.forEach((data, at) => {
      const length = lengthWithoutNewlines(data);
      const newline = data.indexOf(NEWLINE);
      const isMalformed = newline >= 0 && newline < length;
      (isMalformed ? malformed : sendable).push({ run, at, position, length, index });
      position++;
    });
  }
  return { sendable, malformed };
}

/** OpenSearch skips empty lines between documents, and producers often end a record with a newline. */
function lengthWithoutNewlines(data: Uint8Array): number {
  let length = data.length;
  while (length > 0 && (data[length - 1] === NEWLINE || data[length - 1] === CARRIAGE_RETURN)) length--;
  return length;
}

/**
 * Bulk requests of index operations, with each record's bytes copied once. A request is never larger than `maxBytes`,
 * unless it has a single document that is.
 */
export function* bulkRequests(
  documents: readonly Document[],
  nameOf: DocumentNames,
  maxBytes: number,
): Generator<BulkRequest> {
  let actions: string[] = [];
  let bytes = 0;
  let from = 0;
  for (let to = 0; to < documents.length; to++) {
    const document = documents[to] as Document;
    const action = actionOf(document.index, nameOf(document));
    const size = Buffer.byteLength(action) + document.length + 1;
    if (bytes + size > maxBytes && to > from) {
      yield assemble(documents.slice(from, to), actions, bytes);
      [actions, bytes, from] = [[], 0, to];
    }
    actions.push(action);
    bytes += size;
  }
  if (actions.length > 0) yield assemble(documents.slice(from), actions, bytes);
}

function assemble(documents: readonly Document[], actions: readonly string[], bytes: number): BulkRequest {
  const body = Buffer.allocUnsafeSlow(bytes);
  let end = 0;
  for (let n = 0; n < documents.length; n++) {
    const { run, at, length } = documents[n] as Document;
    const data = run.data[at] as Uint8Array;
    end += body.write(actions[n] as string, end);
    body.set(length === data.length ? data : data.subarray(0, length), end);
    end += length;
    body[end++] = NEWLINE;
  }
  return { documents, body };
}

function actionOf(index: string, id: string | undefined): string {
  const quoted = JSON.stringify(index);
  return id === undefined ? `{"index":{"_index":${quoted}}}\n` : `{"index":{"_index":${quoted},"_id":"${id}"}}\n`;
}

/** Of the 56 digits before `.0`: two that all have, the batch's, and the document's place in the batch. */
const BATCH_DIGITS = 39;
const POSITION_DIGITS = 15;

/**
 * Ids in the form of those of Firehose, 56 digits and `.0`: unique for each record, and the same for every attempt to
 * deliver its batch.
 */
export function firehoseDocumentNames({ id }: Pick<Batch, 'id'>): DocumentNames {
  const batch = `49${BigInt(`0x${id.replaceAll('-', '')}`)
    .toString()
    .padStart(BATCH_DIGITS, '0')}`;
  return ({ position }) => `${batch}${String(position).padStart(POSITION_DIGITS, '0')}.0`;
}

/** The documents' records, as parts of the runs that they came in. Neighbours must stand beside each other. */
export function runsOf(documents: readonly Document[]): Run[] {
  const runs: Run[] = [];
  for (let from = 0; from < documents.length; ) {
    const { run, at } = documents[from] as Document;
    let to = from + 1;
    while (documents[to]?.run === run && documents[to]?.at === at + to - from) to++;
    runs.push(cutRun(run, at, at + to - from));
    from = to;
  }
  return runs;
}

export function recordOf({ run, at }: Document): FirehoseRecord {
  const [record] = recordsOf([cutRun(run, at, at + 1)]);
  return record as FirehoseRecord;
}
