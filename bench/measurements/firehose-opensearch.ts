import { DeleteDeliveryStreamCommand, type FirehoseClient, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { machine } from '../../harness/clock/index.ts';
import { makeCalls, putCalls } from '../direct-put.ts';
import type { RequestDescription } from '../load/connection.ts';
import { mustSucceed } from '../load/run.ts';
import type { Measurement } from '../measurement.ts';
import { formatNumber } from '../report.ts';
import { awsAt } from '../rivals.ts';
import { allSearchable, createDomain, createSearchStream } from '../search-delivery.ts';
import { median } from '../statistics.ts';

/** 2,048 documents of 512 bytes are 1 MiB to the byte: the size hint alone brings all of them into the index. */
const DOCUMENT_BYTES = 512;
const DOCUMENTS_PER_BUFFER = 2048;
const DAYS = 365;
const DAY_MS = 86_400_000;

export const firehoseOpenSearch: Measurement = {
  name: 'firehose-opensearch',
  title: `Firehose Direct PUT to OpenSearch: documents of ${DOCUMENT_BYTES} bytes a second, from the first PutRecordBatch of 500 until all can be found; buffers of 1 MiB or 60 s`,
  rival: 'OpenSearch’s own _bulk with the batches that Firehose makes of them, one after the other',
  unit: '/s',
  target: { of: 'ratio', atLeast: 0.8 },
  async measure({ rounds, amount, parts, progress, signal }) {
    const bench = await parts.naetmul();
    const client = parts.loadClient();
    const aws = parts.use(awsAt(bench.edge));
    const { opensearch: server } = await bench.control.status();
    if (server === null) throw new Error('OpenSearch is not running.');
    await createDomain(bench.edge, aws);
    const batches = amount(24, 2);
    const documents = batches * DOCUMENTS_PER_BUFFER;

    const throughFirehose = async (name: string) => {
      await createSearchStream(aws, name, 'NoRotation');
      const calls = putCalls(bench.edge, name, numbers(0, documents).map(documentOf));
      const began = machine.monotonic();
      await makeCalls(client, calls);
      const answered = machine.monotonic();
      await allSearchable(server, name, documents, signal);
      return { total: machine.monotonic() - began, answered: answered - began };
    };
    const straight = async (index: string) => {
      const requests = Array.from({ length: batches }, (_, batch) => ({
        request: bulk(server, index, numbers(batch * DOCUMENTS_PER_BUFFER, DOCUMENTS_PER_BUFFER)),
        times: 1,
      }));
      const began = machine.monotonic();
      await mustSucceed(client, { connections: 1, requests });
      await allSearchable(server, index, documents, signal);
      return machine.monotonic() - began;
    };

    const ours: number[] = [];
    const rival: number[] = [];
    const answered: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: through Firehose`);
      const mine = await throughFirehose(`ours-${round}`);
      if (round > 0) progress(`round ${round}: straight into OpenSearch`);
      const theirs = await straight(`rival-${round}`);
      for (const index of [`ours-${round}`, `rival-${round}`]) await fetch(`${server}/${index}`, { method: 'DELETE' });
      if (round === 0) continue;
      ours.push((documents * 1000) / mine.total);
      answered.push((documents * 1000) / mine.answered);
      rival.push((documents * 1000) / theirs);
    }
    return {
      ours,
      rival,
      notes: [
        `${formatNumber(documents)} documents a round`,
        `Until the last put was answered only: ${formatNumber(median(answered))} /s`,
      ],
    };
  },
};

export const firehoseRotation: Measurement = {
  name: 'firehose-rotation',
  title: `A year of daily rotation: a record put on each of ${DAYS} days of the virtual clock, each in an index of its own in the end`,
  rival: 'OpenSearch itself, making an index by one document after each of the days',
  unit: 's',
  target: { of: 'difference', atMost: 5 },
  async measure({ amount, parts, progress, signal }) {
    const bench = await parts.naetmul();
    const client = parts.loadClient();
    const aws = parts.use(awsAt(bench.edge));
    const { opensearch: server } = await bench.control.status();
    if (server === null) throw new Error('OpenSearch is not running.');
    await createDomain(bench.edge, aws);
    await deleteReaders(aws.firehose);
    const days = amount(DAYS, 14);

    const straight = (index: string) =>
      mustSucceed(client, { connections: 1, requests: [{ request: bulk(server, index, [0]), times: 1 }] });
    const throughFirehose = async (day: number) => {
      await makeCalls(client, putCalls(bench.edge, 'year', [documentOf(day)]));
      await bench.control.orderClock({ order: 'advance', ms: DAY_MS });
    };
    /** A node holds a thousand shards, replicas that it has no place for included. */
    const remove = async (index: string) => {
      const { status } = await fetch(`${server}/${index}`, { method: 'DELETE' });
      if (status !== 200) throw new Error(`There is no index ${index} to delete.`);
    };

    // A server makes its first indices several times slower than later ones, whoever asks for them.
    progress(`warming up with ${days} indices`);
    for (let day = 0; day < days; day++) await straight(`warm-up-${day}`);
    for (let day = 0; day < days; day++) await remove(`warm-up-${day}`);
    await bench.control.orderClock({ order: 'travel', instant: Date.UTC(2022) });
    await createSearchStream(aws, 'year', 'OneDay');
    let ours = 0;
    let rival = 0;
    // In turns, since the same takes the longer the more indices there are, and twice as long at another minute.
    for (let day = 0; day < days; day++) {
      if (day % 50 === 0) progress(`day ${day} of ${days}`);
      ours += await timed(() => throughFirehose(day));
      rival += await timed(() => straight('own'));
      await remove('own');
    }
    ours += await timed(() => allSearchable(server, 'year-*', days, signal));
    const made = await fetch(`${server}/_cat/indices/year-*?format=json`);
    const { length } = (await made.json()) as { index: string }[];
    if (length !== days) throw new Error(`There are ${length} indices for ${days} days.`);
    return { ours: [ours], rival: [rival] };
  },
};

/** Those of the pipelines would look into their Kinesis streams at every stop of the clock. */
async function deleteReaders(firehose: FirehoseClient): Promise<void> {
  const { DeliveryStreamNames: names = [] } = await firehose.send(
    new ListDeliveryStreamsCommand({ DeliveryStreamType: 'KinesisStreamAsSource' }),
  );
  for (const name of names) await firehose.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName: name }));
}

/** In seconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = machine.monotonic();
  await work();
  return (machine.monotonic() - began) / 1000;
}

/** `DOCUMENT_BYTES` bytes of JSON, different for every `n`. */
function documentOf(n: number): string {
  const content = (note: string) =>
    JSON.stringify({
      event_type: '_email.delivered',
      arrival_timestamp: 1_643_262_505_000 + n,
      client: { client_id: String(n) },
      note,
    });
  return content('x'.repeat(DOCUMENT_BYTES - content('').length));
}

function numbers(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => from + n);
}

/** A bulk request with the documents of these numbers. */
function bulk(server: string, index: string, documents: readonly number[]): RequestDescription {
  const lines = documents.map(
    (n) => `{"index":{"_index":"${index}","_id":"${String(n).padStart(56, '0')}.0"}}\n${documentOf(n)}\n`,
  );
  const headers = { 'Content-Type': 'application/x-ndjson' };
  return { method: 'POST', url: `${server}/_bulk`, headers, body: lines.join('') };
}
