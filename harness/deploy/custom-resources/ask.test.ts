import type { InvokeCommand } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ResourceContext } from '../resources/resource-type.ts';
import { askProvider, type ProviderRequest } from './ask.ts';
import { CustomResourceFailed } from './response.ts';

/** Stands for Lambda: says that the function has ended, and how. */
let invoke: (request: Record<string, string>) => Promise<object>;

const context = {
  stackId: 'arn:aws:cloudformation:us-east-1:000000000000:stack/s/1',
  logicalId: 'Template',
  region: 'us-east-1',
  aws: {
    client: () => ({ send: async ({ input }: InvokeCommand) => invoke(JSON.parse(String(input.Payload))) }),
  },
} as unknown as ResourceContext;

const ask = (more: Partial<ProviderRequest> = {}) =>
  askProvider(
    {
      type: 'Create',
      serviceToken: 'arn:aws:lambda:us-east-1:000000000000:function:make',
      serviceTimeout: undefined,
      resourceType: 'Custom::IndexTemplate',
      properties: {},
      ...more,
    },
    context,
  );

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Asks, and says after how many seconds of silence it was given up. */
async function secondsUntilGivenUp(more: Partial<ProviderRequest>, limit: number): Promise<number> {
  const started = Promise.withResolvers<void>();
  const once = invoke;
  invoke = (request) => {
    started.resolve();
    return once(request);
  };
  let failure: unknown;
  const asking = ask(more).catch((error: unknown) => {
    failure = error;
  });
  await started.promise;
  let seconds = 0;
  for (; failure === undefined && seconds <= limit; seconds++) await vi.advanceTimersByTimeAsync(1000);
  await asking;
  expect(failure).toBeInstanceOf(CustomResourceFailed);
  return seconds;
}

describe('a provider that keeps silent', () => {
  test('is given up a minute after its function has ended', async () => {
    invoke = async () => ({});
    expect(await secondsUntilGivenUp({}, 100)).toBe(60);
  });

  test('is waited for as long as ServiceTimeout says, though its function has ended', async () => {
    invoke = async () => ({});
    expect(await secondsUntilGivenUp({ serviceTimeout: 90 }, 100)).toBe(90);
  });

  test('is given up after an hour when its function never ends', async () => {
    invoke = () => new Promise(() => undefined);
    expect(await secondsUntilGivenUp({}, 4000)).toBe(3600);
  });
});

test('an answer counts that somebody else sends after the function has ended', async () => {
  const ended = Promise.withResolvers<Record<string, string>>();
  invoke = async (request) => {
    ended.resolve(request);
    return {};
  };
  const asking = ask();
  const { ResponseURL = '', StackId, RequestId, LogicalResourceId } = await ended.promise;
  await vi.advanceTimersByTimeAsync(59_000);
  const body = { Status: 'SUCCESS', PhysicalResourceId: 'late', StackId, RequestId, LogicalResourceId };
  await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify(body) });
  await expect(asking).resolves.toEqual({ physicalId: 'late', data: {}, noEcho: false });
});

test('what a failed function says is shown as it is where it is no error of Lambda’s form', async () => {
  invoke = async () => ({ FunctionError: 'Unhandled', Payload: { transformToString: () => 'out of memory' } });
  await expect(ask()).rejects.toThrow('the function make failed before it had answered: out of memory');
});
