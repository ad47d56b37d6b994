import { describeError, type ErrorBody } from '../opensearch.ts';
import {
  documentLine,
  type FailedDocument,
  type Place,
  readFailedDocument,
  UnreadableLine,
} from './failed-document.ts';

/** Documents, and bytes, of one bulk request: well below the 10 MiB that small domains take. */
const MAX_DOCUMENTS = 500;
const MAX_BYTES = 4 * 1024 * 1024;
/** How many examples of one kind are told. */
const MAX_EXAMPLES = 3;

/** One object of failed documents. */
export interface FailedObject {
  /** `s3://bucket/key`. */
  readonly name: string;
  readonly text: string;
}

/** `POST _bulk`: lines of actions and documents; what OpenSearch says of each, in the same order. */
export type Bulk = (lines: readonly string[]) => Promise<readonly BulkItem[]>;

export interface BulkItem {
  readonly status: number;
  readonly error?: ErrorBody;
}

export interface ReplayOptions {
  readonly objects: AsyncIterable<FailedObject>;
  readonly bulk: Bulk;
  /** Puts all documents into this index instead of the ones they were for. */
  readonly index?: string | undefined;
  /** Reads everything, and puts nothing. */
  readonly dryRun?: boolean;
  /** Before each further try of documents that OpenSearch has no time for (429, 5xx). Default: 1, 2, 4 and 8 s. */
  readonly sleep: (ms: number) => Promise<void>;
}

export interface ReplayReport {
  readonly dryRun: boolean;
  /** Objects that were read, and documents in them. */
  readonly objects: number;
  readonly documents: number;
  /** Documents by the index they are for. */
  readonly indices: Readonly<Record<string, number>>;
  /** Why they had failed. */
  readonly causes: readonly Kind[];
  /** Documents that are in the index now and were not before. */
  readonly stored: number;
  /** Documents that were there already: of an earlier replay, or of a try whose answer Firehose did not get. */
  readonly wasThere: number;
  /** Documents that OpenSearch refuses. */
  readonly refused: readonly Kind[];
  /** Records that are not one JSON object: they cannot be documents. */
  readonly unfit: readonly Kind[];
  /** Lines that are no failed documents, such as those of a Lambda that failed. */
  readonly unreadable: readonly Kind[];
}

/** Things of one kind: how many there are, and where the first ones stand. */
export interface Kind {
  readonly reason: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** OpenSearch had no time for some documents until the tries were used up. Nothing is lost: the same can be done again. */
export class ReplayStopped extends Error {
  override readonly name = 'ReplayStopped';
  readonly report: ReplayReport;

  constructor(message: string, report: ReplayReport, options?: ErrorOptions) {
    super(message, options);
    this.report = report;
  }
}

const DELAYS = [1_000, 2_000, 4_000, 8_000];

interface Pending {
  readonly document: FailedDocument;
  readonly index: string;
  readonly line: string;
  readonly place: Place;
}

/**
 * Puts documents again that Firehose could not index: straight into the index they were for, with the id that they had.
 *
 * Not through the delivery stream: there they would arrive now, so that they would get another id and go to today's
 * index, and each replay would make one more copy. Here a document that is there stays as it is (`create`), so that a
 * replay can be repeated, also after it was interrupted.
 *
 * Errors: `ReplayStopped`.
 */
export async function replayFailed(options: ReplayOptions): Promise<ReplayReport> {
  const tally = new Tally(options.dryRun ?? false);
  let batch: Pending[] = [];
  let bytes = 0;
  const flush = async () => {
    const full = batch;
    batch = [];
    bytes = 0;
    await putAll(full, options, tally);
  };
  for await (const object of options.objects) {
    tally.objects += 1;
    for (const [at, text] of object.text.split('\n').entries()) {
      if (text.trim() === '') continue;
      const pending = tally.read(text, { object: object.name, line: at + 1 }, options.index);
      if (pending === undefined || options.dryRun) continue;
      const size = Buffer.byteLength(pending.line);
      if (batch.length >= MAX_DOCUMENTS || (bytes > 0 && bytes + size > MAX_BYTES)) await flush();
      batch.push(pending);
      bytes += size;
    }
  }
  if (batch.length > 0) await flush();
  return tally.report();
}

async function putAll(batch: readonly Pending[], { bulk, sleep }: ReplayOptions, tally: Tally): Promise<void> {
  let left = batch;
  for (const delay of [...DELAYS, undefined]) {
    const answer = await put(left, bulk).catch((error: unknown) => {
      throw new ReplayStopped('OpenSearch could not be asked; what was put so far is there.', tally.report(), {
        cause: error,
      });
    });
    left = left.filter((pending, at) => tally.take(pending, answer[at]) === 'again');
    if (left.length === 0) return;
    if (delay !== undefined) await sleep(delay);
  }
  throw new ReplayStopped(`OpenSearch has no time for ${left.length} documents.`, tally.report());
}

function put(batch: readonly Pending[], bulk: Bulk): Promise<readonly BulkItem[]> {
  return bulk(
    batch.flatMap(({ document: { id }, index, line }) => [
      JSON.stringify({ create: { _index: index, _id: id } }),
      line,
    ]),
  );
}

class Tally {
  objects = 0;
  readonly #dryRun: boolean;
  readonly #indices = new Map<string, number>();
  readonly #causes = new Kinds();
  readonly #refused = new Kinds();
  readonly #unfit = new Kinds();
  readonly #unreadable = new Kinds();
  #documents = 0;
  #stored = 0;
  #wasThere = 0;

  constructor(dryRun: boolean) {
    this.#dryRun = dryRun;
  }

  /** The document of a line, if it can be put. */
  read(text: string, place: Place, into: string | undefined): Pending | undefined {
    let document: FailedDocument;
    try {
      document = readFailedDocument(text);
    } catch (error) {
      if (!(error instanceof UnreadableLine)) throw error;
      this.#unreadable.add(error.message, place);
      return undefined;
    }
    const index = into ?? document.index;
    this.#documents += 1;
    this.#indices.set(index, (this.#indices.get(index) ?? 0) + 1);
    this.#causes.add(`${document.errorCode}: ${withoutDocument(saidIn(document.errorMessage))}`, place);
    const line = documentLine(document.data);
    if (line !== undefined) return { document, index, line, place };
    this.#unfit.add('its record is not one JSON object', place);
    return undefined;
  }

  take({ place }: Pending, item: BulkItem | undefined): 'done' | 'again' {
    const { status, error } = item ?? { status: 500 };
    if (status === 429 || status >= 500) return 'again';
    if (status === 201) this.#stored += 1;
    else if (status === 409) this.#wasThere += 1;
    else this.#refused.add(`${status}: ${withoutDocument(describeError(error ?? {}))}`, place);
    return 'done';
  }

  report(): ReplayReport {
    return {
      dryRun: this.#dryRun,
      objects: this.objects,
      documents: this.#documents,
      indices: Object.fromEntries([...this.#indices].sort(([a], [b]) => (a < b ? -1 : 1))),
      causes: this.#causes.list(),
      stored: this.#stored,
      wasThere: this.#wasThere,
      refused: this.#refused.list(),
      unfit: this.#unfit.list(),
      unreadable: this.#unreadable.list(),
    };
  }
}

class Kinds {
  readonly #kinds = new Map<string, { count: number; readonly examples: string[] }>();

  add(reason: string, { object, line }: Place): void {
    const kind = this.#kinds.get(reason) ?? { count: 0, examples: [] };
    this.#kinds.set(reason, kind);
    kind.count += 1;
    if (kind.examples.length < MAX_EXAMPLES) kind.examples.push(`${object}, line ${line}`);
  }

  list(): readonly Kind[] {
    return [...this.#kinds].map(([reason, kind]) => ({ reason, ...kind })).sort((a, b) => b.count - a.count);
  }
}

/** Firehose passes on what the domain said: an error as JSON, or words. */
function saidIn(message: string): string {
  try {
    const error: unknown = JSON.parse(message);
    return typeof error === 'object' && error !== null ? describeError(error) : message;
  } catch {
    return message;
  }
}

/** OpenSearch's words without the id and value of one document, so that what failed alike is told together. */
function withoutDocument(reason: string): string {
  return reason.replace(/ in document with id '[^']*'/, '').replace(/ ?Preview of field's value: '.*?'(?=$| \()/s, '');
}
