import { machine } from '../../harness/clock/index.ts';
import { BlockCache } from '../../harness/emulators/kinesis/engine/block-cache.ts';
import { ShardLog } from '../../harness/emulators/kinesis/engine/shard-log.ts';
import { MIB } from '../../harness/emulators/kinesis/limits.ts';
import { RECORD_BYTES } from '../direct-put.ts';
import { BATCH, partitionKey, putRecordsCall, UNLIMITED, WRITERS } from '../kinesis-puts.ts';
import { recordData } from '../load/requests.ts';
import { mustSucceed, ratePerSecond } from '../load/run.ts';
import type { MeasureContext, Measurement, Readings } from '../measurement.ts';
import { awsAt, createStream, deleteStream } from '../rivals.ts';

const WARM_UP_MS = 3000;
const STREAM = 'bench-puts';
/** As in the emulator. */
const CACHE_BYTES = 8 * MIB;

const TITLE = `Kinesis: records of ${RECORD_BYTES} bytes a second in PutRecords of ${BATCH}, into one shard, its limits lifted`;

export const kinesisPut: Measurement = {
  name: 'kinesis-put',
  title: TITLE,
  rival: 'LocalStack’s Kinesis, with the same requests',
  unit: '/s',
  target: { of: 'ratio', atLeast: 50 },
  async measure(context) {
    const { rounds, roundMs, parts, progress } = context;
    const localStack = await parts.localStack();
    const bench = await parts.naetmul({ arguments: ['--engine', `localstack=${localStack}`, ...UNLIMITED] });
    const ours: number[] = [];
    const rival: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const forMs = round === 0 ? WARM_UP_MS : roundMs;
      progress(round === 0 ? 'warming up' : `round ${round}: through naetmul`);
      const mine = await putRate(context, bench.edge, forMs);
      if (round > 0) progress(`round ${round}: through LocalStack`);
      const theirs = await putRate(context, localStack, forMs);
      if (round === 0) continue;
      ours.push(mine);
      rival.push(theirs);
    }
    return { ours, rival };
  },
};

export const kinesisAppend: Measurement = {
  name: 'kinesis-append',
  title: TITLE,
  rival: 'the same records appended to the emulator’s own log by a process that does nothing else',
  unit: '/s',
  async measure(context): Promise<Readings> {
    const { rounds, roundMs, amount, parts, progress } = context;
    const bench = await parts.naetmul({ arguments: UNLIMITED });
    const ours: number[] = [];
    const rival: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: through naetmul`);
      const mine = await putRate(context, bench.edge, round === 0 ? WARM_UP_MS : roundMs);
      if (round > 0) progress(`round ${round}: straight to the log`);
      const theirs = appendRate(parts.folder('log'), amount(1_000_000, 100_000));
      if (round === 0) continue;
      ours.push(mine);
      rival.push(theirs);
    }
    return { ours, rival };
  },
};

/** Records a second into a stream that is new. */
async function putRate({ parts }: MeasureContext, endpoint: string, forMs: number): Promise<number> {
  const aws = awsAt(endpoint);
  const client = parts.loadClient();
  await createStream(aws, STREAM);
  const { request, records } = putRecordsCall(endpoint, STREAM);
  const result = await mustSucceed(client, { connections: WRITERS, requests: [{ request, times: 1 }], forMs });
  await deleteStream(aws, STREAM);
  aws[Symbol.dispose]();
  return ratePerSecond(result) * records;
}

/** Records a second. */
function appendRate(folder: string, count: number): number {
  const log = new ShardLog(folder, 'bench', new BlockCache(CACHE_BYTES));
  const data = Buffer.from(recordData(RECORD_BYTES), 'base64');
  const arrival = machine.now();
  const began = machine.monotonic();
  for (let n = 0; n < count; n++)
    log.append({ arrival, partitionKey: partitionKey(n % BATCH), data, encrypted: false });
  const ms = machine.monotonic() - began;
  log.close();
  return (count * 1000) / ms;
}
