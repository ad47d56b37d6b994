import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { build, readTemplate } from './build.ts';
import { SEEN_PREFIX } from './handler/seen.ts';
import { readSecrets, TOLERANCE_SECONDS } from './handler/signature.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { Conditions, Mappings, Parameters, Resources } = readTemplate(read('template.yaml'));

const METHODS = Object.entries<{ Type: string; Properties: Method }>(Resources).filter(
  ([, { Type }]) => Type === 'AWS::ApiGateway::Method',
);

interface Method {
  readonly Integration: {
    readonly Type: string;
    readonly Uri: string;
    readonly PassthroughBehavior?: string;
    readonly RequestTemplates?: Readonly<Record<string, readonly string[]>>;
    readonly IntegrationResponses?: readonly { readonly StatusCode: string; readonly SelectionPattern?: string }[];
  };
}

describe('API Gateway', () => {
  test('has every method in the deployment', () => {
    expect(Resources.Deployment.DependsOn.toSorted()).toEqual(METHODS.map(([logicalId]) => logicalId).toSorted());
  });

  test('does the same for every sender whose webhooks it writes itself', () => {
    const integrations = METHODS.map(([, { Properties }]) => Properties.Integration).filter(({ Uri }) =>
      Uri.includes('kinesis:action/PutRecord'),
    );
    expect(integrations).toHaveLength(4);
    for (const integration of integrations) expect(integration).toEqual(integrations[0]);
  });

  test('takes JSON and forms wherever a template reads them, and nothing else', () => {
    const withTemplates = METHODS.map(([, { Properties }]) => Properties.Integration).filter(
      ({ Type }) => Type === 'AWS',
    );
    expect(withTemplates).toHaveLength(5);
    for (const { RequestTemplates = {}, PassthroughBehavior } of withTemplates) {
      expect(Object.keys(RequestTemplates)).toEqual(['application/json', 'application/x-www-form-urlencoded']);
      expect(PassthroughBehavior).toBe('NEVER');
    }
  });

  test('answers no error of Kinesis with 200', () => {
    const { IntegrationResponses = [] } = Resources.PostEvents.Properties.Integration as Method['Integration'];
    const statusOf = (status: number) =>
      IntegrationResponses.find(({ SelectionPattern = 'none' }) =>
        new RegExp(`^(?:${SelectionPattern})$`).test(`${status}`),
      )?.StatusCode;
    expect([400, 413, 500, 503].map(statusOf)).toEqual(['500', '500', '503', '503']);
  });
});

test('without a search domain nothing is left that needs one', () => {
  const left = Object.entries<{ Condition?: string }>(Resources).filter(([, { Condition }]) => Condition === undefined);
  const ofSearch = Object.keys(Resources).filter((logicalId) => /^(Search|Domain|IndexTemplate)/.test(logicalId));
  expect(Object.keys(Conditions)).toContain('HasSearch');
  for (const [logicalId, resource] of left) {
    // The stage names both, in Fn::If.
    if (logicalId === 'Stage') continue;
    const text = JSON.stringify(resource);
    for (const absent of ofSearch) expect([logicalId, text]).toEqual([logicalId, expect.not.stringContaining(absent)]);
  }
});

test.each([
  ['the-secret-of-this-year', true],
  ['the-secret-of-last-year,the-secret-of-this-year', true],
  ['the-secret-of-last-year, a phrase of 17 le', true],
  ['x'.repeat(16), true],
  ['x'.repeat(15), false],
  ['x,the-secret-of-this-year', false],
  ['the-secret-of-this-year,x', false],
  ['the-secret-of-this-year,', false],
  [`${' '.repeat(20)}x`, false],
  [`the-secret-of-this-year,${' '.repeat(20)}x`, false],
  ['', false],
])('that senders may sign with %j is %j, in the template and in the function', (list, may) => {
  const { AllowedPattern } = Parameters.SigningSecrets;
  expect(new RegExp(`^(?:${AllowedPattern})$`).test(list)).toBe(may);
  if (may) expect(readSecrets(list)).toHaveLength(list.split(',').length);
  else expect(() => readSecrets(list)).toThrow('SIGNING_SECRETS');
});

test('secrets and bodies are shown to nobody, and the bucket is open to nobody', () => {
  expect(Parameters.SigningSecrets.NoEcho).toBe(true);
  expect(Parameters.DataTrace.Default).toBe('false');
  expect(Resources.Stage.Properties.MethodSettings).toMatchObject([{ DataTraceEnabled: 'DataTrace' }]);
  expect(Resources.Bucket.Properties.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
});

test('requests that could not be written are kept for as long as SQS keeps anything', () => {
  expect(Resources.AsyncFailures.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
});

test('signatures are forgotten when they are of no use any more, and only they', () => {
  const [rule] = Resources.Bucket.Properties.LifecycleConfiguration.Rules;
  expect([rule.Status, rule.Prefix]).toEqual(['Enabled', SEEN_PREFIX]);
  expect(rule.ExpirationInDays * 86_400).toBeGreaterThan(2 * TOLERANCE_SECONDS);
});

test('the index template reads the record as it is written, and any fields of an event', () => {
  const { index_patterns, mappings } = JSON.parse(Resources.IndexTemplate.Properties.Body);
  const { IndexName } = Resources.SearchDeliveryStream.Properties.AmazonopensearchserviceDestinationConfiguration;
  expect(index_patterns).toEqual([`${IndexName}-*`]);
  expect(mappings).toMatchObject({ dynamic: false });
  expect(Object.keys(mappings.properties)).toEqual(['sender', 'via', 'request_id', 'received_at', 'event']);
  expect(Resources.SearchDeliveryStream.DependsOn).toBe('IndexTemplate');
});

test('a function has time for all that it may wait for', () => {
  // Two tries of 3 s each, of Kinesis; of S3 before and after it, where it answers nothing at all.
  expect(Resources.Function.Properties.Timeout).toBeGreaterThan(2 * 3);
  expect(Resources.SignedFunction.Properties.Timeout).toBeGreaterThan(3 * 2 * 3);
  // API Gateway waits for 29 s.
  expect(Resources.SignedFunction.Properties.Timeout).toBeLessThan(29);
});

test('the templates for JSON and for forms name the sender and write the line alike', () => {
  const { JsonToKinesis, FormToKinesis } = Mappings.Request;
  const common = (template: string) =>
    template.split('\n').filter((line) => /\$(?:sender|line|context|stageVariables)/.test(line) && !/Key/.test(line));
  expect(common(FormToKinesis.Template)).toEqual(common(JsonToKinesis.Template));
});

// Four bundles, three of them with SDK clients: some seconds on a busy machine.
test('esbuild makes the functions, and each loads alone', { timeout: 60_000 }, async () => {
  const dir = await mkdtemp(join(tmpdir(), 'webhooks-build-'));
  try {
    const files = await build(dir);
    expect(files.toSorted()).toEqual([
      'AsyncFunction/async.js',
      'Function/lambda.js',
      'IndexTemplateFunction/handler.js',
      'SignedFunction/signed.js',
    ]);
    const require = createRequire(import.meta.url);
    for (const file of files) expect(require(join(dir, file))).toMatchObject({ handler: expect.any(Function) });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('the dependencies are those that the project is tested with', () => {
  const own = JSON.parse(read('package.json'));
  const project = JSON.parse(read('../../package.json'));
  const all = { ...project.dependencies, ...project.devDependencies };
  expect(all).toMatchObject({ ...own.dependencies, ...own.devDependencies });
});
