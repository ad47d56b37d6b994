import { describe, expect, scenario } from '../harness/kit/index.ts';

const NOW = '2022-01-27T14:48:25+09:00';
const INDEX = 'pinpoint-2022-01-27';
const arrival_timestamp = Date.parse(NOW);
const good = (n: number) => ({ event_type: 'level_up', arrival_timestamp, attributes: { level: `${n}` } });

interface BadRecord {
  readonly name: string;
  readonly record: string | Buffer;
  /** In what OpenSearch, or Firehose, says of it. */
  readonly message: string;
}

const BAD: readonly BadRecord[] = [
  {
    name: 'a text where the others have an object',
    record: JSON.stringify({ event_type: 'level_up', arrival_timestamp, attributes: 'seven' }),
    message: 'object mapping for [attributes] tried to parse field [attributes] as object, but found a concrete value',
  },
  {
    name: 'an instant as ISO 8601, which the template’s format is not',
    record: JSON.stringify({ event_type: 'level_up', arrival_timestamp: '2022-01-27T05:48:25Z' }),
    message: 'failed to parse field [arrival_timestamp] of type [date]',
  },
  { name: 'no JSON', record: '냇물', message: 'failed to parse' },
  {
    name: 'two objects in one record',
    record: '{"event_type":"a"}{"event_type":"b"}',
    message: 'Malformed content, found extra data after parsing: START_OBJECT',
  },
  {
    name: 'two objects on two lines',
    record: '{"event_type":"a"}\n{"event_type":"b"}',
    message: 'does not contain newlines',
  },
  { name: 'bytes that are no UTF-8', record: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), message: '' },
];

describe('the backup of failed documents', () => {
  scenario(
    'has what OpenSearch refused, byte for byte, and nothing that it took',
    async ({ clock, appAnalytics, tell }) => {
      await clock.set(NOW);
      await tell.step('Good records with bad ones between them');
      await appAnalytics.put(good(0));
      await appAnalytics.put(...BAD.flatMap(({ record }, n) => [record, good(n + 1)]));
      await clock.advance('1m');

      await tell.step('The good ones are indexed');
      expect(await appAnalytics.indices()).toEqual({ [INDEX]: BAD.length + 1 });

      await tell.step('The bad ones are in the bucket a minute later, each with the reason');
      await clock.advance('1m');
      const keys = await appAnalytics.failedKeys();
      expect(keys).toEqual([
        expect.stringMatching(
          /^failed_AmazonOpenSearchService-failed\/2022\/01\/27\/05\/app-analytics-delivery-1-2022-01-27-05-48-25-[0-9a-f-]{36}$/,
        ),
      ]);
      const failed = await appAnalytics.failedDocuments();
      expect(failed).toHaveLength(BAD.length);
      for (const { name, record, message } of BAD) {
        const document = failed.find(({ rawData }) => Buffer.from(rawData, 'base64').equals(Buffer.from(record)));
        expect(document, name).toMatchObject({
          attemptsMade: 1,
          arrivalTimestamp: arrival_timestamp,
          errorCode: '400',
          esIndexName: INDEX,
        });
        expect(document?.errorMessage, name).toContain(message);
        tell.figure(name, document?.errorMessage.slice(0, 120) ?? '');
      }

      await tell.step('Put again they fail again, each with its reason');
      const replayed = await appAnalytics.command('replay-failed', '--json');
      expect(replayed.exitCode).toBe(1);
      expect(await appAnalytics.indices()).toEqual({ [INDEX]: BAD.length + 1 });
    },
  );

  scenario(
    'has everything when OpenSearch is away for longer than Firehose tries, and one command puts it back',
    async ({ testbench, clock, appAnalytics, eventually, needsToEnd, tell }) => {
      await needsToEnd('opensearch');
      const DOCUMENTS = 1200;
      await clock.set(NOW);
      await appAnalytics.put(good(0));
      await clock.advance('1m');

      await tell.step(`OpenSearch is stopped; ${DOCUMENTS} records come`);
      await testbench.orderEngine('stop', 'opensearch');
      const records = Array.from({ length: DOCUMENTS }, (_, n) => JSON.stringify(good(n + 1)));
      await appAnalytics.put(...records);
      await clock.advance('1m');
      expect(await appAnalytics.failedKeys()).toEqual([]);

      await tell.step('After five minutes Firehose gives up, and all of them are in the backup');
      await clock.advance('7m');
      const failed = await appAnalytics.failedDocuments();
      expect(failed.map(({ rawData }) => Buffer.from(rawData, 'base64').toString()).toSorted()).toEqual(
        records.toSorted(),
      );
      const [first] = failed;
      expect(first?.attemptsMade).toBeGreaterThan(5);
      expect((first?.attemptEndingTimestamp ?? 0) - arrival_timestamp).toBeGreaterThanOrEqual(6 * 60_000);
      tell.figure('attempts', first?.attemptsMade ?? 0);

      await tell.step('OpenSearch is back; one command puts them into the index that they were for');
      await testbench.orderEngine('start', 'opensearch');
      await eventually(async () => expect(await appAnalytics.indices()).toEqual({ [INDEX]: 1 }));
      const dry = await appAnalytics.command('replay-failed', '--dry-run', '--json');
      expect(dry.exitCode, dry.stderr).toBe(0);
      expect(await appAnalytics.indices()).toEqual({ [INDEX]: 1 });
      const replayed = await appAnalytics.command('replay-failed', '--json');
      expect(replayed.exitCode, replayed.stderr).toBe(0);
      expect(await appAnalytics.indices()).toEqual({ [INDEX]: DOCUMENTS + 1 });

      await tell.step('A second time it puts nothing');
      expect((await appAnalytics.command('replay-failed', '--json')).exitCode).toBe(0);
      expect(await appAnalytics.indices()).toEqual({ [INDEX]: DOCUMENTS + 1 });
    },
  );
});
