import type { Timer } from '../../clock/index.ts';
import type { Call, EmulatorContext } from '../../edge/emulator.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { BlockCache } from './engine/block-cache.ts';
import { Stream, type StreamMode } from './engine/stream.ts';
import { errors } from './errors.ts';
import { Iterators } from './iterators.ts';
import { Journal } from './journal.ts';
import { MAX_CREATING, MIB, ON_DEMAND_STREAM_LIMIT, shardLimitOf, TRANSITION_MS } from './limits.ts';
import type { KinesisOptions } from './options.ts';

/** What of all shards is kept in memory besides on disk, in bytes. */
const CACHE_BYTES = 8 * MIB;

/** How requests say which stream they mean. */
export interface StreamNames {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

interface Location {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

/** What becomes of a stream after a while. */
interface Transition {
  readonly timer: Timer;
  finish(): void;
}

/** All streams, and what the operations share. */
export class Streams {
  readonly context: EmulatorContext;
  readonly iterators = new Iterators();
  readonly journal: Journal;
  readonly #throttling: boolean;
  readonly #cache = new BlockCache(CACHE_BYTES);
  readonly #streams = new Map<string, Stream>();
  readonly #transitions = new Map<Stream, Transition>();
  /** When the newest stream of each name was made. */
  readonly #created = new Map<string, number>();

  constructor(context: EmulatorContext, metrics: MetricSink, { throttling }: KinesisOptions) {
    this.context = context;
    this.journal = new Journal(context.ledger, metrics);
    this.#throttling = throttling === 'on';
  }

  /** The stream that a request means, without what is past its retention. Undefined when there is none. */
  find(names: StreamNames, call: Call): Stream | undefined {
    return this.at(locate(names, call));
  }

  at(location: Location): Stream | undefined {
    const stream = this.#streams.get(keyOf(location));
    if (stream) this.#trim(stream);
    return stream;
  }

  get(names: StreamNames, call: Call): Stream {
    const { name, accountId, region } = locate(names, call);
    const stream = this.at({ name, accountId, region });
    if (!stream) throw errors.streamNotFound(name, accountId);
    return stream;
  }

  /** One that takes records: puts do not find a stream that is being made or deleted. */
  getServing(names: StreamNames, call: Call): Stream {
    const stream = this.get(names, call);
    if (!stream.isServing) throw errors.streamNotFound(stream.name, stream.accountId);
    return stream;
  }

  getActive(names: StreamNames, call: Call): Stream {
    const stream = this.get(names, call);
    if (stream.status !== 'ACTIVE') throw errors.notActive(stream.name, stream.accountId, stream.status);
    return stream;
  }

  /** The streams of one account and region, by name. */
  list({ accountId, region }: Pick<Location, 'accountId' | 'region'>): Stream[] {
    return [...this.#streams.values()]
      .filter((stream) => stream.accountId === accountId && stream.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  create(name: string, mode: StreamMode, shardCount: number, call: Call): Stream {
    const { clock, random, dataDir } = this.context;
    const { accountId, region } = call;
    const key = keyOf({ accountId, region, name });
    if (this.#streams.has(key)) throw errors.alreadyExists(name, accountId);
    const creating = this.list(call).filter(({ status }) => status === 'CREATING');
    if (creating.length >= MAX_CREATING) {
      throw errors.limit(`There are ${MAX_CREATING} streams in the CREATING state under account ${accountId} already.`);
    }
    if (mode === 'PROVISIONED') this.allowShards(shardCount, shardCount, call);
    else if (this.onDemandStreams(call) >= ON_DEMAND_STREAM_LIMIT) {
      throw errors.limit(`Account ${accountId} has ${ON_DEMAND_STREAM_LIMIT} streams in the ON_DEMAND mode already.`);
    }
    // Readers know a stream that was made anew by its time of creation, also where the clock stands.
    const createdAt = Math.max(clock.now(), (this.#created.get(key) ?? Number.NEGATIVE_INFINITY) + 1000);
    this.#created.set(key, createdAt);
    const stream = new Stream({
      id: random.uuid(),
      name,
      arn: `arn:aws:kinesis:${region}:${accountId}:stream/${name}`,
      region,
      accountId,
      mode,
      createdAt,
      clock,
      dir: dataDir,
      cache: this.#cache,
      throttling: this.#throttling,
    });
    this.#streams.set(key, stream);
    this.#comeToBeActive(stream, () => stream.openFirst(shardCount), shardCount);
    return stream;
  }

  /** Refuses what would be more open shards than a region may have. */
  allowShards(more: number, shown: number, { accountId, region }: Pick<Call, 'accountId' | 'region'>): void {
    const limit = shardLimitOf(region);
    const open = this.openShards({ accountId, region });
    if (open + more > limit) throw errors.tooManyShards(region, accountId, open, limit, shown);
  }

  /** Of all streams with a provisioned number of shards, with those that are being opened. */
  openShards(where: Pick<Location, 'accountId' | 'region'>): number {
    return this.list(where).reduce(
      (sum, { mode, openShards, opening }) => (mode === 'PROVISIONED' ? sum + openShards.length + opening : sum),
      0,
    );
  }

  onDemandStreams(where: Pick<Location, 'accountId' | 'region'>): number {
    return this.list(where).filter(({ mode }) => mode === 'ON_DEMAND').length;
  }

  /**
   * `change` happens when the stream becomes ACTIVE again; until then it takes and gives records as before.
   *
   * @param opening how many more shards will be open then
   */
  update(stream: Stream, change: () => void, opening = 0): void {
    stream.status = 'UPDATING';
    this.#comeToBeActive(stream, change, opening);
  }

  delete(stream: Stream, call: Call): void {
    if (stream.status === 'DELETING') return;
    this.#transitions.get(stream)?.timer.cancel();
    stream.status = 'DELETING';
    this.journal.deleted(stream, call);
    this.#become(stream, () => {
      this.#streams.delete(keyOf(stream));
      stream.remove();
    });
  }

  /**
   * To be called after somebody saw a stream's status. Where time is held, one look is all that a transition lasts:
   * whoever waits for it, as every deployment does, would wait in vain for time to move.
   */
  seen(stream: Stream): void {
    if (this.context.clock.mode === 'held') this.#transitions.get(stream)?.finish();
  }

  /** Writes down what nobody read in time. */
  trim(): void {
    for (const stream of this.#streams.values()) this.#trim(stream);
  }

  clear(): void {
    for (const { timer } of this.#transitions.values()) timer.cancel();
    this.#transitions.clear();
    for (const stream of this.#streams.values()) stream.remove();
    this.#streams.clear();
    this.#created.clear();
  }

  #trim(stream: Stream): void {
    this.journal.missed(stream, stream.trim());
  }

  #comeToBeActive(stream: Stream, change: () => void, opening: number): void {
    stream.opening = opening;
    this.#become(stream, () => {
      change();
      stream.opening = 0;
      stream.status = 'ACTIVE';
    });
  }

  #become(stream: Stream, change: () => void): void {
    const finish = () => {
      this.#transitions.get(stream)?.timer.cancel();
      this.#transitions.delete(stream);
      change();
    };
    const timer = this.context.clock.setTimer(`kinesis ${stream.name} ${stream.status}`, TRANSITION_MS, finish);
    this.#transitions.set(stream, { timer, finish });
  }
}

function keyOf({ accountId, region, name }: Location): string {
  return `${accountId}/${region}/${name}`;
}

/** Whose and which stream a request means. */
export function locate({ StreamName, StreamARN }: StreamNames, { accountId, region }: Call): Location {
  if (StreamARN === undefined) return { accountId, region, name: StreamName ?? '' };
  const [, , , ofRegion = region, ofAccount = accountId, resource = ''] = StreamARN.split(':');
  return { accountId: ofAccount, region: ofRegion, name: resource.slice(resource.indexOf('/') + 1) };
}
