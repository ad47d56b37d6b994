import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { build, INTRINSICS } from './build.ts';
import { Failure } from './handler/take.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const { Resources } = parse(read('template.yaml'), { customTags: INTRINSICS });

describe('API Gateway', () => {
  const { IntegrationResponses, RequestTemplates } = Resources.PostGasDetector.Properties.Integration;

  /** The status of the only response for a function's error. Java's patterns must match the whole message. */
  const statusOf = (message: string) => {
    const matching = IntegrationResponses.filter(
      ({ SelectionPattern }: { SelectionPattern?: string }) =>
        SelectionPattern !== undefined && new RegExp(`^(?:${SelectionPattern})$`).test(message),
    );
    return matching.map(({ StatusCode }: { StatusCode: string }) => StatusCode);
  };

  test.each([
    ['a bad reading', new Failure('bad reading', 'no2.value is not a number: "다섯"').message, '400'],
    ['what is away', new Failure('unavailable', 'OpenSearch is away').message, '503'],
    ['a crash', 'Cannot read properties of undefined', '500'],
    ['a time-out', '2021-09-03T09:14:49.123Z 7d4d1d5e Task timed out after 25.00 seconds', '500'],
    ['an error of two lines', 'first\nsecond', '500'],
    ['one that only looks like ours', 'failure: of another kind', '500'],
  ])('has one answer for %s, and it is no 200', (_what, message, status) => {
    expect(statusOf(message)).toEqual([status]);
  });

  test('hands the function every body as a text, and takes JSON only', () => {
    expect(Object.keys(RequestTemplates)).toEqual(['application/json']);
    expect(RequestTemplates['application/json']).toMatch(/^"\$util\.escapeJavaScript\(\$input\.body\)/);
  });
});

test('a reading may wait for as long as the queue and its dead-letter queue together keep it', () => {
  const { VisibilityTimeout, RedrivePolicy } = Resources.WaitingQueue.Properties;
  expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * Resources.WaitingFunction.Properties.Timeout);
  expect(RedrivePolicy.maxReceiveCount * VisibilityTimeout).toBeGreaterThan(12 * 3600);
  expect(Resources.WaitingDeadLetterQueue.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
});

test('esbuild makes both functions, and each loads alone', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'gas-build-'));
  try {
    await build(dir);
    const require = createRequire(import.meta.url);
    for (const file of ['api.js', 'waiting.js']) {
      expect(require(join(dir, file))).toEqual({ handler: expect.any(Function) });
    }
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
