import { machine } from '../../harness/clock/index.ts';
import { allVisible, putAll, RECORD_BYTES, RECORDS_PER_BUFFER } from '../direct-put.ts';
import { CONNECTIONS, ingestOf } from '../ingest.ts';
import { putRecordsCall, UNLIMITED, WRITERS } from '../kinesis-puts.ts';
import { post } from '../load/requests.ts';
import { mustSucceed } from '../load/run.ts';
import type { Measurement, Readings } from '../measurement.ts';
import { residentMiB, type StartedBench } from '../parts.ts';
import { formatNumber } from '../report.ts';
import { awsAt, createDeliveryStream } from '../rivals.ts';

/** Long enough for what follows the boot, or the load, to have ended. */
const SETTLE_MS = 10_000;
const POSTS = 5_000;

export const memoryIdle: Measurement = {
  name: 'memory-idle',
  title: 'Resident memory of the harness’s process, 10 s after it is ready and with nothing to do',
  unit: 'MiB',
  target: { of: 'ours', atMost: 150 },
  async measure({ amount, parts, progress, signal }) {
    const ours: number[] = [];
    for (let round = 1; round <= amount(3, 1); round++) {
      const bench = await parts.naetmul();
      const { pid } = await bench.control.health();
      progress('letting it settle');
      await machine.sleep(SETTLE_MS, signal);
      ours.push(residentMiB(pid, 'VmRSS'));
      await bench.stop();
    }
    return { ours };
  },
};

export const memoryLoaded: Measurement = {
  name: 'memory-loaded',
  title: 'The same after 100,000 records: 98,304 put to Firehose directly, and 5,000 posted to the ingest pipeline',
  unit: 'MiB',
  async measure({ amount, parts, progress, signal }) {
    const bench = await parts.naetmul({ arguments: UNLIMITED });
    const client = parts.loadClient();
    const aws = parts.use(awsAt(bench.edge));
    const { pid } = await bench.control.health();

    const posts = amount(POSTS, 500);
    progress(`${posts} posts`);
    const request = post((await ingestOf(bench)).url);
    await mustSucceed(client, { connections: CONNECTIONS, requests: [{ request, times: posts }] });
    const afterPosts = residentMiB(pid, 'VmRSS');

    const puts = amount(12, 1) * RECORDS_PER_BUFFER;
    progress(`${puts} records put to Firehose`);
    await createDeliveryStream(aws, 'bench');
    await putAll(client, bench.edge, 'bench', puts);
    await allVisible(aws, 'bench', puts * RECORD_BYTES, signal);
    const afterPuts = residentMiB(pid, 'VmRSS');
    const highest = residentMiB(pid, 'VmHWM');

    progress('letting it settle');
    await machine.sleep(SETTLE_MS, signal);
    return {
      ours: [residentMiB(pid, 'VmRSS')],
      notes: [
        `${formatNumber(posts + puts)} records in all; ${formatNumber(afterPosts)} MiB right after the posts, ` +
          `${formatNumber(afterPuts)} MiB right after the puts, ${formatNumber(highest)} MiB at its highest`,
      ],
    };
  },
};

/** A tenth of a million, in whole buffers. */
const TENTH = 12 * RECORDS_PER_BUFFER;
/** Longer than the delivery stream's interval, by which all has to be in S3. */
const INTERVAL_MS = 120_000;

/**
 * Until then caches fill, and V8’s young generation grows from 2 to 128 MiB; what grows from there would go on growing.
 */
const HALFWAY = 'the same process halfway';

export const memoryMillion: Measurement = {
  name: 'memory-million',
  title: 'Resident memory of the harness’s process after a million records put to Firehose directly, all of them in S3',
  rival: HALFWAY,
  unit: 'MiB',
  target: { of: 'ratio', atMost: 1.1 },
  async measure({ amount, parts, progress, signal }) {
    const bench = await parts.naetmul();
    const client = parts.loadClient();
    const aws = parts.use(awsAt(bench.edge));
    await createDeliveryStream(aws, 'bench');
    return await tenths({ bench, progress, count: amount(10, 2) }, async (tenth) => {
      await putAll(client, bench.edge, 'bench', TENTH);
      await allVisible(aws, 'bench', tenth * TENTH * RECORD_BYTES, signal);
    });
  },
};

export const memoryKinesis: Measurement = {
  name: 'memory-kinesis',
  title:
    'Resident memory of the harness’s process after a million records put to the ingest pipeline’s Kinesis stream, its ' +
    'limits lifted, all of them read by Firehose and in S3',
  rival: HALFWAY,
  unit: 'MiB',
  target: { of: 'ratio', atMost: 1.1 },
  async measure({ amount, parts, progress, signal }) {
    const bench = await parts.naetmul({ arguments: UNLIMITED });
    const client = parts.loadClient();
    const aws = parts.use(awsAt(bench.edge));
    const { stream, bucket } = await ingestOf(bench);
    const { request, records } = putRecordsCall(bench.edge, stream);
    await bench.control.orderClock({ order: 'hold' });
    return await tenths({ bench, progress, count: amount(10, 2) }, async (tenth) => {
      const times = Math.round(TENTH / records);
      await mustSucceed(client, { connections: WRITERS, requests: [{ request, times }] });
      await bench.control.orderClock({ order: 'advance', ms: INTERVAL_MS });
      await allVisible(aws, bucket, tenth * times * records * RECORD_BYTES, signal);
    });
  },
};

interface Tenths {
  readonly bench: StartedBench;
  readonly count: number;
  progress(message: string): void;
}

/** What the process has in the end and halfway, while a tenth of a million comes again and again. */
async function tenths({ bench, count, progress }: Tenths, next: (tenth: number) => Promise<void>): Promise<Readings> {
  const { pid } = await bench.control.health();
  const after: number[] = [];
  for (let tenth = 1; tenth <= count; tenth++) {
    progress(`${(tenth * TENTH).toLocaleString('en-US')} records`);
    await next(tenth);
    after.push(residentMiB(pid, 'VmRSS'));
  }
  return {
    ours: after.slice(-1),
    rival: after.slice(count / 2 - 1, count / 2),
    notes: [`After each tenth: ${after.map((mib) => formatNumber(mib)).join(', ')} MiB`],
  };
}
