import type { EmulatorContext } from '../../edge/emulator.ts';
import type { LogSink } from '../../edge/sinks.ts';
import { ids } from '../../ledger/index.ts';
import { type Batch, DeliveryBuffer, type Work } from './buffer.ts';
import type { Attempt, BufferingHints, Destination, Origin, S3Writer } from './destinations/destination.ts';
import { logError } from './destinations/error-log.ts';
import { reportS3Error } from './destinations/s3/s3-errors.ts';
import { type ErrorOutputType, type FailedRecord, failedRecordLine, failRecord } from './failed-record.ts';
import { MAX_ACTIVE_PARTITIONS, RETRY_INITIAL_MS, RETRY_MAX_MS, ZERO_BUFFERING_MS } from './limits.ts';
import type { StreamMetrics } from './metrics.ts';
import { entriesOf } from './processing/parts.ts';
import type { Processed } from './processing/processing.ts';
import { contentOf, makeRun, namesOf, type Run, recordsOf } from './runs.ts';

const MIB = 1024 * 1024;

export interface PipelineParts {
  /** The place that the ledger knows the delivery stream by. */
  readonly where: string;
  readonly context: EmulatorContext;
  readonly metrics: StreamMetrics;
  readonly logs: LogSink;
  /** Read whenever they matter, so that an update takes effect on what is held, too. */
  readonly destination: () => Destination;
  readonly origin: () => Origin;
  readonly retentionMs: () => number;
}

/** What records wait for. Earlier stages feed later ones. */
const STAGES = ['backup', 'processing', 'delivery', 'failed'] as const;
type Stage = (typeof STAGES)[number];

interface StageWork {
  readonly hints: () => BufferingHints;
  run(batch: Batch, attempt: Attempt): Promise<void>;
}

/**
 * The way of records through one delivery stream: a copy to the source backup, processing, the destination, and the
 * error output for what fails on the way. At each stage they wait in a buffer of their shard, or of their partition
 * keys, and stay there until the next stage has them.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #buffers: Readonly<Record<Stage, Map<string, DeliveryBuffer>>> = {
    backup: new Map(),
    processing: new Map(),
    delivery: new Map(),
    failed: new Map(),
  };
  /** The error outputs that take nothing at the moment: until they do, nothing is delivered. */
  readonly #stuck = new Set<string>();
  #stopped = false;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
  }

  get heldBytes(): number {
    let held = 0;
    for (const stage of STAGES) for (const buffer of this.#buffers[stage].values()) held += buffer.heldBytes;
    return held;
  }

  *held(): Generator<Run> {
    for (const stage of STAGES) for (const buffer of this.#buffers[stage].values()) yield* buffer.held();
  }

  /** Takes a run; `source` names its shard, or the direct puts. */
  accept(source: string, run: Run): void {
    const { processing, sourceBackup } = this.#parts.destination();
    if (sourceBackup) this.#buffer('backup', source).add(run);
    if (!processing) {
      this.#toDestination(source, run);
      return;
    }
    const buffer = this.#buffer('processing', source);
    buffer.add(run);
    if (!processing.hints) buffer.flush();
  }

  /** Delivers what is held; resolves when nothing is any more. */
  async drain(): Promise<void> {
    for (const stage of STAGES) {
      const buffers = [...this.#buffers[stage].values()];
      for (const buffer of buffers) buffer.flush();
      await Promise.all(buffers.map((buffer) => buffer.drained()));
    }
  }

  /** Attempts nothing more. Resolves when the attempts that are under way have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const buffers = STAGES.flatMap((stage) => [...this.#buffers[stage].values()]);
    await Promise.all(buffers.map((buffer) => buffer.stop()));
  }

  #toDestination(source: string, run: Run): void {
    const { partitionKeys } = run;
    if (!partitionKeys) {
      this.#buffer('delivery', source).add(run);
      return;
    }
    const key = JSON.stringify(partitionKeys);
    const { delivery } = this.#buffers;
    if (!delivery.has(key) && delivery.size >= MAX_ACTIVE_PARTITIONS) {
      for (const [name, buffer] of delivery) if (buffer.isEmpty) delivery.delete(name);
    }
    if (delivery.has(key) || delivery.size < MAX_ACTIVE_PARTITIONS) {
      this.#buffer('delivery', key).add(run);
      return;
    }
    const failure = {
      type: 'activePartitionExceeded',
      attemptsMade: 1,
      errorCode: 'DynamicPartitioning.ActivePartitionLimitExceeded',
      errorMessage: `The limit of ${MAX_ACTIVE_PARTITIONS} active partitions is exceeded.`,
      attemptEndingTimestamp: this.#parts.context.clock.now(),
    } as const;
    this.#reportError(failure.errorCode, failure.errorMessage);
    this.#fail([...recordsOf([run])].map((record) => failRecord(record, failure)));
  }

  #buffer(stage: Stage, key: string): DeliveryBuffer {
    const known = this.#buffers[stage].get(key);
    if (known) return known;
    const { where, context, retentionMs } = this.#parts;
    const work = this.#work(stage, key);
    const name = `${where} ${stage} ${key}`;
    const buffer = new DeliveryBuffer({
      name,
      clock: context.clock,
      random: context.random,
      limits: () => {
        const { sizeInMBs, intervalInSeconds } = work.hints();
        return {
          sizeBytes: sizeInMBs * MIB,
          intervalMs: intervalInSeconds === 0 ? ZERO_BUFFERING_MS : intervalInSeconds * 1000,
          retentionMs: retentionMs(),
          retry: { initialMs: RETRY_INITIAL_MS, maxMs: RETRY_MAX_MS },
        };
      },
      outlet: {
        deliver: async (batch, effort) => {
          await work.run(batch, this.#attempt(effort));
          this.#stuck.delete(name);
        },
        retrying: (batch, attempt, delayMs, error) => {
          if (stage === 'failed') this.#stuck.add(name);
          this.#noteRetry(batch, attempt, delayMs, error);
        },
        lost: (batch, attempts, error) => {
          this.#stuck.delete(name);
          this.#noteLoss(batch, attempts, error);
        },
      },
    });
    this.#buffers[stage].set(key, buffer);
    if (this.#stopped) void buffer.stop();
    return buffer;
  }

  #work(stage: Stage, key: string): StageWork {
    const { destination } = this.#parts;
    switch (stage) {
      case 'backup':
        return {
          hints: () => (destination().sourceBackup ?? destination().errorOutput).hints,
          // A copy is owed as long as there was a backup when its record came in.
          run: (batch, attempt) =>
            this.#writeBackup(destination().sourceBackup ?? destination().errorOutput, batch, attempt),
        };
      case 'processing':
        return {
          hints: () => destination().processing?.hints ?? destination().hints,
          run: (batch, attempt) => this.#process(key, batch, attempt),
        };
      case 'delivery':
        return { hints: () => destination().hints, run: (batch, attempt) => this.#deliver(batch, attempt) };
      case 'failed':
        return {
          hints: () => destination().errorOutput.hints,
          run: (batch, attempt) => this.#writeBackup(destination().errorOutput, batch, attempt, key as ErrorOutputType),
        };
    }
  }

  #attempt({ lock, signal }: Work): Attempt {
    const { origin, metrics, context } = this.#parts;
    const from = origin();
    return {
      ...from,
      lock,
      signal,
      now: () => context.clock.now(),
      reportError: (code, message, processor) => this.#reportError(code, message, processor),
      count: (metric, value) => metrics.count(from.deliveryStreamName, metric, value),
    };
  }

  async #process(source: string, batch: Batch, attempt: Attempt): Promise<void> {
    const { processing } = this.#parts.destination();
    // An update may have taken the processing away meanwhile.
    const unchanged: Processed = { runs: batch.runs, dropped: [], failed: [] };
    const processed = processing ? await processing.run(batch, attempt) : unchanged;
    // An answer that comes after the end changes nothing: what it is about stays held.
    attempt.signal.throwIfAborted();
    const { runs, dropped, failed, takenApart = [] } = processed;
    for (const entry of entriesOf(takenApart)) this.#append(entry);
    if (dropped.length > 0) {
      const detail = { reason: 'the transforming function answered Dropped' };
      this.#append({ what: 'dropped', ids: namesOf(dropped), detail, ...causeOf(dropped) });
    }
    for (const run of runs) this.#toDestination(source, run);
    this.#fail(failed);
  }

  async #deliver(batch: Batch, attempt: Attempt): Promise<void> {
    const destination = this.#parts.destination();
    const { metricPrefix } = destination;
    if (this.#stuck.size > 0) throw new Error('The error output takes no records, so delivery pauses.');
    const {
      stored,
      failed,
      lost = [],
    } = await destination.deliver(batch, attempt).catch((error: unknown) => {
      if (!attempt.signal.aborted) attempt.count(`${metricPrefix}.Success`, 0);
      throw error;
    });
    let [records, bytes] = [0, 0];
    for (const { runs, into, detail } of stored) {
      const count = runs.reduce((sum, run) => sum + run.data.length, 0);
      records += count;
      for (const run of runs) bytes += run.bytes;
      const facts = { records: count, ...detail };
      this.#append({ what: 'stored', ids: namesOf(runs), into, detail: facts, ...causeOf(runs) });
    }
    for (const { runs, reason } of lost) {
      this.#append({ what: 'lost', ids: namesOf(runs), detail: { reason }, ...causeOf(runs) });
    }
    this.#fail(failed);
    attempt.count(`${metricPrefix}.Success`, records / batch.records);
    if (records === 0) return;
    attempt.count(`${metricPrefix}.Records`, records);
    attempt.count(`${metricPrefix}.Bytes`, bytes);
    attempt.count(`${metricPrefix}.DataFreshness`, this.#ageOf(batch));
  }

  /** Writes a batch of the source backup, or of the error output, as one object. */
  async #writeBackup(
    writer: S3Writer,
    batch: Batch,
    attempt: Attempt,
    errorOutputType?: ErrorOutputType,
  ): Promise<void> {
    const prefix = this.#parts.destination().metricPrefix === 'DeliveryToS3' ? 'BackupToS3' : 'DeliveryToS3';
    const { id, oldestArrival, runs, records } = batch;
    const object = { id, oldestArrival, content: contentOf(batch), errorOutputType };
    const { bucket, key, bytes, etag } = await writer.write(object, attempt).catch((error: unknown) => {
      reportS3Error(error, attempt);
      if (!attempt.signal.aborted) attempt.count(`${prefix}.Success`, 0);
      throw error;
    });
    const detail = { records, bytes, etag, ...(errorOutputType ? { errorOutputType } : {}) };
    this.#append({ what: 'backed-up', ids: namesOf(runs), into: [ids.object(bucket, key)], detail, ...causeOf(runs) });
    attempt.count(`${prefix}.Success`, 1);
    attempt.count(`${prefix}.Records`, records);
    attempt.count(`${prefix}.Bytes`, batch.bytes);
    attempt.count(`${prefix}.DataFreshness`, this.#ageOf(batch));
  }

  /** Sends records to the error output. */
  #fail(failed: readonly FailedRecord[]): void {
    for (let from = 0; from < failed.length; ) {
      const first = failed[from] as FailedRecord;
      let to = from + 1;
      while (isAlike(failed[to], first)) to++;
      const alike = failed.slice(from, to);
      const { errorCode, errorMessage, attemptsMade, type, arrival, cause } = first;
      const detail = { errorOutputType: type, errorCode, errorMessage, attemptsMade };
      const data = alike.map((record) => Buffer.from(failedRecordLine(record)));
      const lines = makeRun({ arrival, data, ids: alike.map((record) => record.name), cause });
      this.#append({ what: 'noted', ids: namesOf([lines]), detail, cause });
      this.#buffer('failed', type).add(lines);
      from = to;
    }
  }

  #reportError(code: string, message: string, processor?: string): void {
    const { context, logs, origin, where, destination } = this.#parts;
    const { errorLog, arn } = destination();
    context.log.warn(`${where}: ${code}: ${message}`);
    if (!errorLog) return;
    logError(logs, errorLog, origin(), { timestamp: context.clock.now(), destination: arn, code, message, processor });
  }

  #noteRetry(batch: Batch, attempt: number, delayMs: number, error: unknown): void {
    // A day of attempts need not be told one by one: the 1st, 2nd, 4th, 8th … are.
    if ((attempt & (attempt - 1)) !== 0) return;
    const reason = reasonOf(error);
    const { where, context } = this.#parts;
    const detail = { attempt, delayMs, reason };
    this.#append({ what: 'retried', ids: namesOf(batch.runs), detail, ...causeOf(batch.runs) });
    context.log.warn(`${where}: attempt ${attempt} to deliver ${batch.records} records failed: ${reason}`);
  }

  #noteLoss(batch: Batch, attempts: number, error: unknown): void {
    const { where, context, retentionMs } = this.#parts;
    const reason = `not delivered within the retention of ${retentionMs() / 3_600_000} h: ${reasonOf(error)}`;
    const detail = { attempts, reason };
    this.#append({ what: 'lost', ids: namesOf(batch.runs), detail, ...causeOf(batch.runs) });
    context.log.error(`${where}: ${batch.records} records are lost: ${reason}`);
  }

  #ageOf(batch: Batch): number {
    return (this.#parts.context.clock.now() - batch.oldestArrival) / 1000;
  }

  #append(entry: Omit<Parameters<EmulatorContext['ledger']['append']>[0], 'where'>): void {
    const { context, where } = this.#parts;
    context.ledger.append({ where, ...entry });
  }
}

/** Whether two failed records can share an entry of the ledger. */
function isAlike(record: FailedRecord | undefined, first: FailedRecord): boolean {
  return (
    record !== undefined &&
    record.type === first.type &&
    record.errorCode === first.errorCode &&
    record.arrival === first.arrival &&
    record.cause === first.cause
  );
}

/** The entry that accepted all of the runs, when it is one. */
function causeOf(runs: readonly Run[]): { cause?: number } {
  const [first, ...others] = runs;
  return first && others.every((run) => run.cause === first.cause) ? { cause: first.cause } : {};
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
