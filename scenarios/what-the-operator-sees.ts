import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type Answer, expect, listenAs, putRecordIntegration, scenario } from '../harness/kit/index.ts';

const STREAM = 'watched';
const BODY = '{"value":"30","type":"Tip 3"}';
const ACCESS_LOGS = 'watched-access';
/** Short enough for a story; API Gateway's own is 29 s. */
const TIMEOUT_MS = 50;

const put = (stream: string) =>
  putRecordIntegration({
    'application/json': `{"StreamName":"${stream}","Data":"$util.base64Encode($input.body)","PartitionKey":"$context.requestId"}`,
  });

/** What everybody begins with: one response, for all that comes. */
const DEFAULT_ONLY = [{ statusCode: '200' }];
/** The cure: what Kinesis refuses has responses of its own, chosen by the status. */
const BY_STATUS = [
  { statusCode: '200' },
  {
    statusCode: '500',
    selectionPattern: '[45]\\d{2}',
    responseTemplates: { 'application/json': '{"message":"The event was not taken."}' },
  },
];

const ACCESS_LOG_FORMAT = [
  '"requestId":"$context.requestId"',
  '"path":"$context.resourcePath"',
  '"status":"$context.status"',
  '"integrationStatus":"$context.integration.status"',
  '"error":"$context.error.message"',
].join(',');

interface Call {
  readonly name: string;
  readonly path: string;
  readonly caller: { readonly status: number; readonly text: string | RegExp };
  /** The lines of the execution log that tell what happened, in their order. */
  readonly log: readonly (string | RegExp)[];
  /** What must not be in the log. */
  readonly unlogged: readonly string[];
  /** Of the access log. */
  readonly access: { readonly integrationStatus: string; readonly error: string };
  /** Sums of the method's metrics. */
  readonly metrics: Readonly<Record<'Count' | '4XXError' | '5XXError', number>>;
}

const REFUSED_BY_KINESIS = /^Endpoint response body before transformations: .*ResourceNotFoundException/;

const CALLS: readonly Call[] = [
  {
    name: 'a good call',
    path: '/good',
    caller: { status: 200, text: /"SequenceNumber":"\d{56}"/ },
    log: [
      /^Extended Request Id: /,
      /^Starting execution for request: /,
      'HTTP Method: POST, Resource Path: /good',
      `Method request body before transformations: ${BODY}`,
      /^Endpoint request URI: .*Action=PutRecord$/,
      /^Received response\. Status: 200, Integration latency: \d+ ms$/,
      'Successfully completed execution',
      'Method completed with status: 200',
    ],
    unlogged: ['Execution failed'],
    access: { integrationStatus: '200', error: '-' },
    metrics: { Count: 1, '4XXError': 0, '5XXError': 0 },
  },
  {
    name: 'one too many for the method’s throttle',
    path: '/busy',
    caller: { status: 429, text: '{"message":"Too Many Requests"}' },
    log: [/^Key throttle limit exceeded for RestApi .* Limit: 0\.01 Burst: 1$/, 'Method completed with status: 429'],
    unlogged: ['Starting execution', 'Endpoint request'],
    access: { integrationStatus: '-', error: 'Too Many Requests' },
    metrics: { Count: 2, '4XXError': 1, '5XXError': 0 },
  },
  {
    name: 'an unknown stream, with a default response only',
    path: '/trap',
    caller: { status: 200, text: /ResourceNotFoundException/ },
    log: [
      /^Received response\. Status: 400, Integration latency: \d+ ms$/,
      REFUSED_BY_KINESIS,
      'Successfully completed execution',
      'Method completed with status: 200',
    ],
    unlogged: ['Execution failed'],
    access: { integrationStatus: '400', error: '-' },
    metrics: { Count: 1, '4XXError': 0, '5XXError': 0 },
  },
  {
    name: 'an unknown stream, with responses by status',
    path: '/cured',
    caller: { status: 500, text: '{"message":"The event was not taken."}' },
    log: [
      /^Received response\. Status: 400, Integration latency: \d+ ms$/,
      REFUSED_BY_KINESIS,
      'Successfully completed execution',
      'Method completed with status: 500',
    ],
    unlogged: ['Execution failed'],
    access: { integrationStatus: '400', error: '-' },
    metrics: { Count: 1, '4XXError': 0, '5XXError': 1 },
  },
  {
    name: 'a backend that does not answer in time',
    path: '/slow',
    caller: { status: 504, text: '{"message": "Endpoint request timed out"}' },
    log: [
      /^Sending request to http:/,
      /^Execution failed due to a timeout error$/,
      'Method completed with status: 504',
    ],
    unlogged: ['Received response', 'Successfully completed execution'],
    access: { integrationStatus: '-', error: 'Endpoint request timed out' },
    metrics: { Count: 1, '4XXError': 0, '5XXError': 1 },
  },
];

scenario(
  'what the operator sees of a good call, a throttled one, one to an unknown stream and one that timed out',
  async ({ apis, aws, clock, eventually, streams, tell, testbench }) => {
    await tell.step('An API with all its logs and metrics on');
    await using silent = await listenAs(() => undefined);
    await streams.create(STREAM);
    await aws.logs.send(new CreateLogGroupCommand({ logGroupName: ACCESS_LOGS }));
    const api = await apis.deploy({
      name: 'watched',
      methods: [
        { path: '/good', integration: put(STREAM), responses: BY_STATUS },
        { path: '/busy', integration: put(STREAM), responses: BY_STATUS },
        { path: '/trap', integration: put('nowhere'), responses: DEFAULT_ONLY },
        { path: '/cured', integration: put('nowhere'), responses: BY_STATUS },
        {
          path: '/slow',
          integration: { type: 'HTTP', integrationHttpMethod: 'POST', uri: silent.url, timeoutInMillis: TIMEOUT_MS },
        },
      ],
      settings: {
        '/*/*/logging/loglevel': 'INFO',
        '/*/*/logging/dataTrace': 'true',
        '/*/*/metrics/enabled': 'true',
        '/~1busy/POST/logging/loglevel': 'INFO',
        '/~1busy/POST/metrics/enabled': 'true',
        // One call, and the next after 100 s.
        '/~1busy/POST/throttling/rateLimit': '0.01',
        '/~1busy/POST/throttling/burstLimit': '1',
        '/accessLogSettings/destinationArn': `arn:aws:logs:ap-northeast-2:000000000000:log-group:${ACCESS_LOGS}`,
        '/accessLogSettings/format': `{${ACCESS_LOG_FORMAT}}`,
      },
    });
    const begun = await clock.now();
    const call = (path: string) => apis.send('POST', `${api.url}${path}`, { body: BODY });
    await call('/busy');

    const linesOf = async (group: string, requestId: string): Promise<string[]> => {
      const { events = [] } = await aws.logs.send(
        new FilterLogEventsCommand({ logGroupName: group, filterPattern: `"${requestId}"` }),
      );
      return events.map(({ message = '' }) => message);
    };
    const sumOf = async (MetricName: string, path: string): Promise<number> => {
      const dimensions = { ApiName: 'watched', Stage: api.stageName, Method: 'POST', Resource: path };
      const { Datapoints = [] } = await aws.cloudwatch.send(
        new GetMetricStatisticsCommand({
          Namespace: 'AWS/ApiGateway',
          MetricName,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          StartTime: new Date(begun - 60_000),
          EndTime: new Date((await clock.now()) + 60_000),
          Period: 60,
          Statistics: ['Sum'],
        }),
      );
      return Datapoints.reduce((sum, point) => sum + (point.Sum ?? 0), 0);
    };

    for (const { name, path, caller, log, unlogged, access, metrics } of CALLS) {
      await tell.step(`POST ${path}: ${name}`);
      const answer: Answer = await call(path);
      tell.figure(`${name}: the caller`, `${answer.status} ${answer.text}`);
      expect(answer.status, name).toBe(caller.status);
      expect(answer.text, name).toMatch(caller.text);

      const requestId = String(answer.headers['x-amzn-requestid']);
      const lines = await eventually(async () => {
        const found = (await linesOf(api.executionLogGroup, requestId)).map((line) => line.slice(requestId.length + 3));
        expect(found, name).toContain(`Method completed with status: ${caller.status}`);
        return found;
      });
      const told = lines.filter((line) => log.some((wanted) => isSuch(line, wanted)));
      tell.figure(`${name}: the execution log`, `${lines.length} lines, among them: ${told.join(' · ')}`);
      expect(told, name).toEqual(
        log.map((wanted) => (typeof wanted === 'string' ? wanted : expect.stringMatching(wanted))),
      );
      for (const absent of unlogged) expect(lines.join('\n'), name).not.toContain(absent);

      const line = await eventually(async () => {
        const found = await linesOf(ACCESS_LOGS, requestId);
        expect(found).toHaveLength(1);
        return JSON.parse(found[0] as string);
      });
      tell.figure(`${name}: the access log`, JSON.stringify(line));
      expect(line, name).toEqual({ requestId, path, status: String(caller.status), ...access });

      await eventually(async () => {
        for (const [metric, sum] of Object.entries(metrics)) expect(await sumOf(metric, path), metric).toBe(sum);
      });
      const sums = Object.entries(metrics).map(([metric, sum]) => `${metric} ${sum}`);
      tell.figure(`${name}: metrics`, sums.join(', '));
      await tell.journey(name, requestId);
    }
    expect(await sumOf('IntegrationLatency', '/slow')).toBeGreaterThanOrEqual(TIMEOUT_MS);

    await tell.step('The trap in one line: of two calls that Kinesis refused, only one is an error to anybody');
    expect(await sumOf('5XXError', '/trap')).toBe(0);
    expect(await sumOf('5XXError', '/cured')).toBe(1);
    expect([...(await streams.read(STREAM)).values()]).toEqual([BODY, BODY]);
    expect(await testbench.check()).toMatchObject({ accepted: 2, lost: 0 });
  },
);

function isSuch(line: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? line === wanted : wanted.test(line);
}
