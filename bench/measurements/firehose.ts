import { machine } from '../../harness/clock/index.ts';
import { allVisible, putAll, RECORD_BYTES, RECORDS_PER_BUFFER } from '../direct-put.ts';
import type { Measurement } from '../measurement.ts';
import { formatNumber } from '../report.ts';
import { type Aws, awsAt, createDeliveryStream } from '../rivals.ts';
import { median } from '../statistics.ts';

interface Timing {
  /** Records a second until the last one was visible in S3. */
  readonly rate: number;
  /** Records a second until the last batch was answered. */
  readonly answered: number;
  readonly objects: number;
}

export const firehose: Measurement = {
  name: 'firehose',
  title: `Firehose Direct PUT: records of ${RECORD_BYTES} bytes a second, from the first PutRecordBatch of 500 until all are visible in S3; buffers of 1 MiB or 60 s`,
  rival: 'LocalStack’s own Firehose with the same delivery stream, which writes an object for every batch',
  unit: '/s',
  target: { of: 'ratio', atLeast: 4 },
  async measure({ rounds, amount, parts, progress, signal }) {
    const localStack = await parts.localStack();
    const bench = await parts.naetmul({ arguments: ['--engine', `localstack=${localStack}`] });
    const client = parts.loadClient();
    const direct = parts.use(awsAt(localStack));
    const edge = parts.use(awsAt(bench.edge));
    const records = amount(12, 2) * RECORDS_PER_BUFFER;
    const time = async (endpoint: string, aws: Aws, name: string): Promise<Timing> => {
      await createDeliveryStream(aws, name);
      const started = machine.monotonic();
      await putAll(client, endpoint, name, records);
      const answered = machine.monotonic();
      const objects = await allVisible(direct, name, records * RECORD_BYTES, signal);
      const perSecond = (since: number) => (records * 1000) / (since - started);
      return { rate: perSecond(machine.monotonic()), answered: perSecond(answered), objects };
    };

    const ours: Timing[] = [];
    const rival: Timing[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: through naetmul`);
      const mine = await time(bench.edge, edge, `bench-ours-${round}`);
      if (round > 0) progress(`round ${round}: through LocalStack`);
      const theirs = await time(localStack, direct, `bench-rival-${round}`);
      if (round === 0) continue;
      ours.push(mine);
      rival.push(theirs);
    }
    const answered = (rounds: readonly Timing[]) => formatNumber(median(rounds.map((round) => round.answered)));
    return {
      ours: ours.map(({ rate }) => rate),
      rival: rival.map(({ rate }) => rate),
      notes: [
        `${records.toLocaleString('en-US')} records a round`,
        `Objects: ${ours[0]?.objects} of ours, ${rival[0]?.objects} of the rival’s`,
        `Until the last answer only: ${answered(ours)} /s, the rival ${answered(rival)} /s`,
      ],
    };
  },
};
