import { expect, test } from 'vitest';
import type { Status } from '../control/protocol.ts';
import { describeBooks } from './commands/check.ts';
import { describeStatus } from './commands/status.ts';
import { describeJourney } from './commands/trace.ts';

const STATUS: Status = {
  ready: true,
  edge: 'http://127.0.0.1:4566',
  mqtt: { host: '127.0.0.1', port: 8883, ca: '/tmp/ca.pem' },
  customDomains: { host: '127.0.0.1', port: 8443, ca: '/tmp/custom-domains/ca.pem' },
  opensearch: 'http://127.0.0.1:9200',
  mysql: { host: '127.0.0.1', port: 3306, user: 'root', password: 'secret' },
  engines: {
    localstack: { source: 'native', version: '4.9.2', pid: 42 },
    mysql: { source: 'external', version: '8.4.3', pid: null },
  },
  kinesis: 'naetmul',
  pipelines: ['ingest'],
};

test('status tells people where everything is, without the password', () => {
  const text = describeStatus(STATUS, '2022-01-27T05:48:25.000Z');
  expect(text.split('\n')).toEqual([
    'naetmul is ready.',
    'AWS endpoint   http://127.0.0.1:4566',
    'MQTT over TLS  mqtts://127.0.0.1:8883, CA in /tmp/ca.pem',
    'Custom domains https://127.0.0.1:8443, CA in /tmp/custom-domains/ca.pem',
    'OpenSearch     http://127.0.0.1:9200',
    'MySQL          root@127.0.0.1:3306',
    'Kinesis        naetmul’s own',
    'Pipelines      ingest',
    'Clock          2022-01-27T05:48:25.000Z',
    'Engines',
    '  localstack  4.9.2 (native, pid 42)',
    '  mysql       8.4.3 (external)',
  ]);
});

test('status names what an engine lacks', () => {
  const localstack = { source: 'external', version: 'unknown', pid: null, lacks: ['s3:PutBucketTagging: 501'] };
  expect(
    describeStatus({ ...STATUS, engines: { localstack } }, '')
      .split('\n')
      .slice(-2),
  ).toEqual(['  localstack  unknown (external)', '              lacks s3:PutBucketTagging: 501']);
});

test('status does not say that there is no OpenSearch where each domain has its own', () => {
  const engines = { 'opensearch/gas': { source: 'native', version: '2.19.6', pid: 42 } };
  expect(describeStatus({ ...STATUS, opensearch: null, engines }, '').split('\n')).toEqual(
    expect.arrayContaining(['OpenSearch     one for each domain', '  opensearch/gas 2.19.6 (native, pid 42)']),
  );
  expect(describeStatus({ ...STATUS, opensearch: null }, '')).toContain('OpenSearch     none\n');
});

test('a journey is told step by step, with the time since the first', () => {
  const t = Date.parse('2022-01-27T05:48:25Z');
  const text = describeJourney({
    id: 'record/stream/1',
    steps: [
      { n: 1, t, where: 'apigateway/ingest', what: 'received', events: 1, ids: [] },
      {
        n: 2,
        t: t + 60_500,
        where: 'firehose/delivery',
        what: 'stored',
        events: 3,
        ids: [],
        into: ['object/bucket/rawdata/key'],
        detail: { bytes: 28 },
      },
    ],
  });
  expect(text.split('\n').map((line) => line.trim())).toEqual([
    'record/stream/1',
    '2022-01-27T05:48:25.000Z             received      apigateway/ingest',
    '2022-01-27T05:49:25.500Z +1 min 1 s  stored        firehose/delivery',
    'with 2 others',
    'into object/bucket/rawdata/key',
    'bytes=28',
  ]);
});

test('the books show what is not simply stored, and name what is missing', () => {
  const text = describeBooks({
    ok: false,
    accepted: 10,
    stored: 6,
    consumed: 0,
    backedUp: 0,
    deadLettered: 0,
    dropped: 0,
    held: 2,
    lost: 1,
    missing: 1,
    unexpected: 0,
    duplicates: 3,
    heldBy: [{ where: 'firehose/ingest-delivery', count: 2 }],
    losses: [{ reason: 'LocalStack died', count: 1, examples: [] }],
    examples: { missing: ['record/stream/1'], unexpected: [] },
  });
  expect(text.split('\n')).toEqual([
    '10 accepted = 6 stored + 2 held + 1 lost + 1 missing',
    '  2 held by firehose/ingest-delivery',
    '  1 lost: LocalStack died',
    '  missing: record/stream/1',
    '  3 stored more than once',
    'The books do not balance.',
  ]);
});
