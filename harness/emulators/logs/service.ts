import { join } from 'node:path';
import { AwsError } from '../../edge/aws-error.ts';
import type { EmulatorContext } from '../../edge/emulator.ts';
import type { LogEvent } from '../../edge/sinks.ts';
import { Catalog, type LogGroup, type LogStream, type Scope } from './catalog.ts';
import { LOG_GROUP_IDENTIFIER, LOG_GROUP_NAME, member, validate } from './constraints.ts';
import { noSuchGroup, noSuchStream } from './errors.ts';
import { EventStore } from './event-store.ts';

/** Bytes that each event counts for besides its message: API_PutLogEvents.html */
export const EVENT_OVERHEAD_BYTES = 26;

const DAY_MS = 86_400_000;

/** What the operations of CloudWatch Logs share. */
export class LogService {
  readonly context: EmulatorContext;
  readonly catalog: Catalog;
  readonly events: EventStore;

  constructor(context: EmulatorContext) {
    this.context = context;
    this.catalog = new Catalog(() => this.now());
    this.events = new EventStore(join(context.dataDir, 'events.sqlite'), (error) =>
      context.log.error('Log events could not be written.', error),
    );
  }

  /** Virtual now, whole milliseconds since the epoch. */
  now(): number {
    return Math.floor(this.context.clock.now());
  }

  /** Names are undefined in the types of the SDK only: `validate` has seen to it. */
  group(scope: Scope, name: string | undefined): LogGroup {
    const group = name === undefined ? undefined : this.catalog.group(scope, name);
    if (!group) throw noSuchGroup();
    return group;
  }

  /** For the operations that take either the name or the ARN of a group. */
  groupOf(scope: Scope, name: string | undefined, identifier: string | undefined): LogGroup {
    validate(
      member('logGroupName', name, LOG_GROUP_NAME),
      member('logGroupIdentifier', identifier, LOG_GROUP_IDENTIFIER),
    );
    if (name !== undefined && identifier !== undefined) {
      throw new AwsError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.');
    }
    if (name !== undefined) return this.group(scope, name);
    if (identifier === undefined) {
      throw new AwsError('ValidationException', 'Either LogGroup name or LogGroup ARN must be provided.');
    }
    return identifier.startsWith('arn:') ? this.groupByArn(scope, identifier) : this.group(scope, identifier);
  }

  /** `arn:aws:logs:{region}:{account}:log-group:{name}`, with or without `:*`. */
  groupByArn(scope: Scope, arn = ''): LogGroup {
    const [, region, accountId, name] =
      /^arn:[\w-]+:logs:([\w-]+):(\d{12}):log-group:([^:*]+)(?::\*)?$/.exec(arn) ?? [];
    if (name === undefined || region !== scope.region || accountId !== scope.accountId) throw noSuchGroup();
    return this.group(scope, name);
  }

  stream(group: LogGroup, name: string | undefined): LogStream {
    const stream = name === undefined ? undefined : group.streams.get(name);
    if (!stream) throw noSuchStream();
    return stream;
  }

  /** Stores events, whatever their times. */
  ingest(group: LogGroup, stream: LogStream, events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    const now = this.now();
    let first = stream.firstEventAt ?? Number.POSITIVE_INFINITY;
    let last = stream.lastEventAt ?? Number.NEGATIVE_INFINITY;
    let bytes = events.length * EVENT_OVERHEAD_BYTES;
    for (const { timestamp: time, message } of events) {
      // The clock may stand between two milliseconds when an emulator writes.
      const timestamp = Math.floor(time);
      if (timestamp < first) first = timestamp;
      if (timestamp > last) last = timestamp;
      bytes += Buffer.byteLength(message);
    }
    stream.firstEventAt = first;
    stream.lastEventAt = last;
    stream.lastIngestedAt = now;
    group.storedBytes += bytes;
    this.events.append(group.id, stream.id, now, events);
  }

  /** The oldest time that the group's retention still keeps. */
  retainedFrom(group: LogGroup): number {
    return group.retentionInDays === undefined ? 0 : this.now() - group.retentionInDays * DAY_MS;
  }

  clear(): void {
    this.catalog.clear();
    this.events.clear();
  }
}
