import type { EmulatorContext, InternalRequest, InternalResponse } from '../../../edge/emulator.ts';
import { INTERNAL_HEADERS } from '../../../edge/headers.ts';
import { type EntryNumber, ids } from '../../../ledger/index.ts';
import { throwIfUnreachable } from './failures.ts';
import { Gatherer, type GathererLimits } from './gatherer.ts';
import type { BackendResponse } from './integration.ts';
import { type GatherableRecord, type RecordEntry, readGatherable, streamOf } from './kinesis-record.ts';

/**
 * PutRecords takes 500 records and 5 MiB (10 MiB since 2025; kinesis.md). While the answer to one call is read the next
 * is on its way; more calls at once would only make the batches smaller.
 */
const LIMITS: GathererLimits = { maxItems: 500, maxBytes: 5 * 1024 * 1024, maxCalls: 2 };

const JSON_TYPE = 'application/x-amz-json-1.1';

/** Errors of a whole PutRecords that say nothing of the single record: each is tried alone. */
const ERRORS_OF_THE_BATCH = new Set(['ValidationException', 'InvalidArgumentException', 'SerializationException']);

interface Put {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly record: GatherableRecord | undefined;
  /** The ledger's entry of the request. */
  readonly cause: EntryNumber;
  readonly requestId: string;
}

/** Of one put: a promise where it went alone, and so fails alone. */
type Outcome = BackendResponse | Promise<BackendResponse>;

interface PutRecordsResult {
  readonly SequenceNumber?: string;
  readonly ShardId?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/**
 * PutRecord for many callers at once: puts that come together go as one PutRecords, and each caller is answered as
 * PutRecord would. The ledger gets an entry for each record, also when the caller has given up waiting.
 */
export class KinesisPuts {
  readonly #context: EmulatorContext;
  readonly #gatherers = new Map<string, Gatherer<Put, BackendResponse>>();

  constructor(context: EmulatorContext) {
    this.#context = context;
  }

  /** @param headers those that the integration sends; used when the record goes alone */
  async put(
    region: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    cause: EntryNumber,
    requestId: string,
  ): Promise<BackendResponse> {
    const record = readGatherable(body);
    const stream = record?.stream ?? streamOf(body);
    const key = `${region}/${stream}`;
    const gatherer =
      this.#gatherers.get(key) ??
      new Gatherer<Put, BackendResponse>(LIMITS, (puts) => this.#send(region, stream, puts));
    this.#gatherers.set(key, gatherer);
    try {
      const put = { body, headers, record, cause, requestId };
      return await gatherer.add(put, record?.bytes ?? Buffer.byteLength(body), !record);
    } finally {
      if (gatherer.idle && this.#gatherers.get(key) === gatherer) this.#gatherers.delete(key);
    }
  }

  async #send(region: string, stream: string, puts: readonly Put[]): Promise<readonly Outcome[]> {
    const [first] = puts;
    if (puts.length === 1 && first) return [await this.#sendAlone(region, stream, first)];
    return await this.#sendTogether(region, stream, puts);
  }

  async #sendAlone(region: string, stream: string, put: Put): Promise<BackendResponse> {
    const response = await this.#call(region, stream, [put], 'PutRecord', put.headers, put);
    const body = parse(response.body);
    if (response.status !== 200)
      return this.#refuse(stream, put, response.status, response.headers, response.body, body);
    return this.#accept(stream, put, response.headers, body as PutRecordsResult);
  }

  async #sendTogether(region: string, stream: string, puts: readonly Put[]): Promise<readonly Outcome[]> {
    const records = puts.flatMap(({ record }) => record?.entry ?? []);
    const headers = { 'content-type': JSON_TYPE, accept: 'application/json' };
    const response = await this.#call(region, stream, puts, 'PutRecords', headers, {
      input: { StreamName: stream, Records: records },
      get body() {
        return JSON.stringify({ StreamName: stream, Records: records.map(toJson) });
      },
    });
    const body = (response.output as Record<string, unknown> | undefined) ?? parse(response.body);
    if (response.status !== 200) {
      if (ERRORS_OF_THE_BATCH.has(String(body?.__type).split('#').at(-1) ?? '')) {
        const outcomes: Outcome[] = [];
        for (const put of puts) {
          const outcome = this.#sendAlone(region, stream, put);
          outcomes.push(outcome);
          await outcome.catch(() => undefined);
        }
        return outcomes;
      }
      return puts.map((put) => this.#refuse(stream, put, response.status, response.headers, response.body, body));
    }
    const results = (body?.Records ?? []) as readonly PutRecordsResult[];
    return puts.map((put, index) => {
      const result = results[index] ?? { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' };
      if (result.ErrorCode === undefined) return this.#accept(stream, put, response.headers, result);
      const failure = { __type: result.ErrorCode, message: result.ErrorMessage ?? '' };
      // PutRecord answers a failure of its own with 500, what the caller must mend or wait for with 400.
      const status = result.ErrorCode === 'InternalFailure' ? 500 : 400;
      return this.#refuse(stream, put, status, response.headers, JSON.stringify(failure), failure);
    });
  }

  /** Rejects when there is no answer, once the ledger knows of it. */
  async #call(
    region: string,
    stream: string,
    puts: readonly Put[],
    operation: 'PutRecord' | 'PutRecords',
    headers: Readonly<Record<string, string>>,
    sent: Pick<InternalRequest, 'body' | 'input'>,
  ): Promise<InternalResponse> {
    const { aws, clock } = this.#context;
    const response = await throwIfUnreachable(
      aws.send({
        service: 'kinesis',
        region,
        method: 'POST',
        target: '/',
        headers: {
          ...headers,
          'x-amz-target': `Kinesis_20131202.${operation}`,
          [INTERNAL_HEADERS.observed]: 'no',
          [INTERNAL_HEADERS.gathered]: 'PutRecord',
        },
        ...(sent.input && { input: sent.input }),
        get body() {
          return sent.body;
        },
      }),
    ).catch((error: unknown) => {
      const lost = error as { readonly outcomeUnknown?: boolean; readonly message?: string };
      const what = lost.outcomeUnknown === false ? 'refused' : 'unknown';
      for (const put of puts) this.#note(what, stream, put, { reason: lost.message });
      throw error;
    });
    clock.noteMachineStamp();
    return response;
  }

  #accept(
    stream: string,
    put: Put,
    headers: Readonly<Record<string, string>>,
    { SequenceNumber = '', ShardId = '', ...rest }: PutRecordsResult & { readonly EncryptionType?: string },
  ): BackendResponse {
    this.#context.ledger.append({
      where: `kinesis/${stream}`,
      what: 'accepted',
      ids: [ids.record(stream, SequenceNumber)],
      cause: put.cause,
      detail: { shardId: ShardId },
    });
    // Kinesis tells the encryption only of streams that are encrypted; its stand-in always does.
    const encryption = rest.EncryptionType === 'KMS' ? { EncryptionType: 'KMS' } : {};
    return { status: 200, headers, body: JSON.stringify({ SequenceNumber, ShardId, ...encryption }) };
  }

  #refuse(
    stream: string,
    put: Put,
    status: number,
    headers: Readonly<Record<string, string>>,
    body: Buffer | string,
    error: Readonly<Record<string, unknown>> | undefined,
  ): BackendResponse {
    // After an answer of 500 nobody can tell whether the record is in the stream.
    this.#note(status >= 500 ? 'unknown' : 'refused', stream, put, {
      status,
      error: error?.__type,
      message: error?.message ?? error?.Message,
    });
    return { status, headers, body };
  }

  #note(what: 'refused' | 'unknown', stream: string, put: Put, detail: Record<string, unknown>): void {
    this.#context.ledger.append({
      where: `kinesis/${stream}`,
      what,
      ids: [ids.request(put.requestId)],
      cause: put.cause,
      detail,
    });
  }
}

const toJson = ({ Data, ...rest }: RecordEntry) => ({ Data: Data.toString('base64'), ...rest });

function parse(body: Buffer): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
