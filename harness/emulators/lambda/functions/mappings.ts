import type { EventSourceMappingConfiguration, FilterCriteria, ScalingConfig } from '@aws-sdk/client-lambda';
import type { Call } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { EventSources } from '../events/contract.ts';
import type { EventSourceMapping } from './model.ts';

export type MappingState = 'Enabled' | 'Disabling' | 'Disabled' | 'Deleting';

/** An event source mapping as the API has it: what it does, and what is shown of it besides. */
export interface MappingRecord {
  mapping: EventSourceMapping;
  /** As it was given, with a qualifier if it had one. */
  shownFunctionArn: string;
  state: MappingState;
  /** ms since the epoch. */
  lastModified: number;
  readonly tags: Map<string, string>;
}

/** All event source mappings, and their pollers' starts and stops. */
export class MappingStore {
  readonly #sources: () => Promise<EventSources>;
  readonly #failed: (error: unknown) => void;
  readonly #records = new Map<string, MappingRecord>();
  readonly #stopping = new Map<string, Promise<void>>();
  /** Undefined until a mapping was enabled for the first time. */
  #started: EventSources | undefined;

  /** @param failed told of what keeps a poller from starting or stopping */
  constructor(sources: () => Promise<EventSources>, failed: (error: unknown) => void) {
    this.#sources = sources;
    this.#failed = failed;
  }

  get(uuid: string): MappingRecord | undefined {
    return this.#records.get(uuid);
  }

  /** Those of an account and region, oldest first. */
  list({ region, accountId }: Pick<Call, 'region' | 'accountId'>): MappingRecord[] {
    return [...this.#records.values()].filter(
      ({ mapping }) => mapping.region === region && mapping.accountId === accountId,
    );
  }

  /** The mapping of the same source and function, if there is one. */
  findSame(eventSourceArn: string, functionArn: string): MappingRecord | undefined {
    return [...this.#records.values()].find(
      ({ mapping }) => mapping.eventSourceArn === eventSourceArn && mapping.functionArn === functionArn,
    );
  }

  async add(record: MappingRecord): Promise<void> {
    const { uuid } = record.mapping;
    // At once, so that nobody else can add the same meanwhile.
    this.#records.set(uuid, record);
    if (record.state !== 'Enabled') return;
    try {
      await this.#loaded();
    } catch (error) {
      this.#records.delete(uuid);
      throw error;
    }
    this.#start(record);
  }

  /** @throws ResourceNotFoundException */
  async change(record: MappingRecord, mapping: EventSourceMapping, enabled: boolean): Promise<void> {
    if (enabled) await this.#loaded();
    // It may have been deleted while its queue was asked.
    if (this.#records.get(mapping.uuid) !== record || record.state === 'Deleting') throw errors.noSuchResource();
    const wasEnabled = record.state === 'Enabled';
    record.mapping = mapping;
    if (enabled && wasEnabled) this.#started?.update(mapping);
    else if (enabled) {
      record.state = 'Enabled';
      this.#start(record);
    } else if (wasEnabled) {
      record.state = 'Disabling';
      this.#stop(record, false, () => {
        if (record.state === 'Disabling') record.state = 'Disabled';
      });
    }
  }

  /** The mapping is there, and says so, until the batches under way have ended. */
  delete(record: MappingRecord): void {
    record.state = 'Deleting';
    this.#stop(record, true, () => this.#records.delete(record.mapping.uuid));
  }

  lastProcessingResult(uuid: string): string {
    return this.#started?.lastProcessingResult(uuid) ?? NOTHING_PROCESSED;
  }

  clear(): void {
    this.#records.clear();
  }

  /** Not before the poller that was has stopped, for which nobody who holds a lock may wait. */
  #start(record: MappingRecord): void {
    const { uuid } = record.mapping;
    const start = () => {
      if (this.#records.get(uuid) === record && record.state === 'Enabled') this.#started?.start(record.mapping);
    };
    const stopping = this.#stopping.get(uuid);
    if (stopping) void stopping.then(start);
    else start();
  }

  #stop({ mapping }: MappingRecord, forget: boolean, done: () => void): void {
    const { uuid } = mapping;
    const earlier = this.#stopping.get(uuid) ?? Promise.resolve();
    const stopping = earlier
      .then(() => this.#started?.stop(uuid, forget))
      .catch(this.#failed)
      .then(() => {
        if (this.#stopping.get(uuid) === stopping) this.#stopping.delete(uuid);
        done();
      });
    this.#stopping.set(uuid, stopping);
  }

  async #loaded(): Promise<EventSources> {
    this.#started ??= await this.#sources();
    return this.#started;
  }
}

const NOTHING_PROCESSED = 'No records processed';

/** What the answers show of a mapping. `shown` is the state to show where it is not the record's own. */
export function mappingShape(
  { mapping, state, shownFunctionArn, lastModified }: MappingRecord,
  lastProcessingResult: string,
  shown: string = state,
): EventSourceMappingConfiguration {
  const { uuid } = mapping;
  const filters = mapping.filterPatterns.map((Pattern) => ({ Pattern }));
  const criteria: { FilterCriteria?: FilterCriteria } =
    filters.length > 0 ? { FilterCriteria: { Filters: filters } } : {};
  const common: EventSourceMappingConfiguration = {
    UUID: uuid,
    EventSourceMappingArn: mappingArn(mapping),
    EventSourceArn: mapping.eventSourceArn,
    FunctionArn: shownFunctionArn,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.batchingWindowMs / 1000,
    FunctionResponseTypes: mapping.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
    ...criteria,
    LastModified: new Date(lastModified),
    State: shown,
  };
  if (mapping.kind === 'sqs') {
    const scaling: { ScalingConfig?: ScalingConfig } =
      mapping.maximumConcurrency === undefined
        ? {}
        : { ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency } };
    return { ...common, ...scaling, StateTransitionReason: 'USER_INITIATED' };
  }
  const { startingPositionTimestamp, maximumRecordAgeMs, onFailure } = mapping;
  return {
    ...common,
    StartingPosition: mapping.startingPosition,
    ...(startingPositionTimestamp === undefined
      ? {}
      : { StartingPositionTimestamp: new Date(startingPositionTimestamp) }),
    ParallelizationFactor: mapping.parallelizationFactor,
    MaximumRetryAttempts: mapping.maximumRetryAttempts,
    MaximumRecordAgeInSeconds: maximumRecordAgeMs < 0 ? -1 : maximumRecordAgeMs / 1000,
    BisectBatchOnFunctionError: mapping.bisectBatchOnFunctionError,
    TumblingWindowInSeconds: 0,
    DestinationConfig: { OnFailure: onFailure === undefined ? {} : { Destination: onFailure } },
    LastProcessingResult: lastProcessingResult,
    StateTransitionReason: 'User action',
  };
}

export function mappingArn({ region, accountId, uuid }: Pick<EventSourceMapping, 'region' | 'accountId' | 'uuid'>) {
  return `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${uuid}`;
}
