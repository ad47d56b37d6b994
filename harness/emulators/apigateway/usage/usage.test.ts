import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deploy, enableLogs, type TestGateway, testGateway, WORKSHOP_TIME } from '../testing.ts';

const MOCK = {
  integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
  integrationResponses: [
    { statusCode: '200', responseTemplates: { 'application/json': '[$context.identity.apiKeyId]' } },
  ],
};

let gateway: TestGateway;
beforeEach(async () => {
  gateway = testGateway();
  await gateway.clock.travelTo(WORKSHOP_TIME);
});
afterEach(() => gateway.clock.close());

const replace = (path: string, value: string) => ({ op: 'replace', path, value });

/** An API whose method wants a key, and a plan that the key `client` is in. */
async function planned(plan: object = {}) {
  const { restApiId, at, url } = await deploy(gateway, MOCK);
  await gateway.call('UpdateMethod', { ...at, patchOperations: [replace('/apiKeyRequired', 'true')] });
  await gateway.call('CreateDeployment', { restApiId, stageName: 'PROD' });
  const key = await gateway.call('CreateApiKey', { name: 'client', enabled: true });
  const apiStages = [{ apiId: restApiId, stage: 'PROD' }];
  const { id: usagePlanId } = await gateway.call('CreateUsagePlan', { name: 'basic', apiStages, ...plan });
  await gateway.call('CreateUsagePlanKey', { usagePlanId, keyId: key.id, keyType: 'API_KEY' });
  return { restApiId, at, url, key, usagePlanId, headers: { 'X-Api-Key': key.value as string } };
}

const FORBIDDEN = { status: 403, body: '{"message":"Forbidden"}' };

describe('a method that wants an API key', () => {
  test('lets the key of a plan in, and tells templates which it was', async () => {
    const { url, headers, key } = await planned();
    expect(await gateway.invoke(url, { headers })).toMatchObject({ status: 200, body: `[${key.id}]` });
  });

  test.each([
    ['without a key', {}],
    ['with an unknown key', { 'x-api-key': 'a key that nobody made' }],
  ])('%s is forbidden', async (_name, headers) => {
    const { url } = await planned();
    const answer = await gateway.invoke(url, { headers });
    expect(answer).toMatchObject(FORBIDDEN);
    expect(answer.headers['x-amzn-ErrorType']).toBe('ForbiddenException');
  });

  test('forbids a key that is disabled, out of its plan, or of a plan without this stage', async () => {
    const { url, headers, key, usagePlanId, restApiId } = await planned();
    await gateway.call('UpdateApiKey', { apiKey: key.id, patchOperations: [replace('/enabled', 'false')] });
    expect(await gateway.invoke(url, { headers })).toMatchObject(FORBIDDEN);
    await gateway.call('UpdateApiKey', { apiKey: key.id, patchOperations: [replace('/enabled', 'true')] });
    expect(await gateway.invoke(url, { headers })).toMatchObject({ status: 200 });
    await gateway.call('DeleteUsagePlanKey', { usagePlanId, keyId: key.id });
    expect(await gateway.invoke(url, { headers })).toMatchObject(FORBIDDEN);
    await gateway.call('CreateUsagePlanKey', { usagePlanId, keyId: key.id, keyType: 'API_KEY' });
    const patchOperations = [{ op: 'remove', path: '/apiStages', value: `${restApiId}:PROD` }];
    await gateway.call('UpdateUsagePlan', { usagePlanId, patchOperations });
    expect(await gateway.invoke(url, { headers })).toMatchObject(FORBIDDEN);
  });
});

describe('throttling', () => {
  test('by the plan: a burst, then the rate, on the clock', async () => {
    const { url, headers } = await planned({ throttle: { rateLimit: 2, burstLimit: 3 } });
    const statuses = async (count: number) => {
      const answers = [];
      for (let n = 0; n < count; n++) answers.push((await gateway.invoke(url, { headers })).status);
      return answers;
    };
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    await gateway.clock.advance(499);
    expect(await statuses(1)).toEqual([429]);
    await gateway.clock.advance(1);
    expect(await statuses(2)).toEqual([200, 429]);
    const { body, headers: answered } = await gateway.invoke(url, { headers });
    expect(body).toBe('{"message":"Too Many Requests"}');
    expect(answered['x-amzn-ErrorType']).toBe('TooManyRequestsException');
    expect(answered).not.toHaveProperty('Retry-After');
  });

  test('by the plan for one method of a stage', async () => {
    const { url, headers, usagePlanId, restApiId } = await planned();
    const path = `/apiStages/${restApiId}:PROD/throttle/~1v1~1POST`;
    await gateway.call('UpdateUsagePlan', {
      usagePlanId,
      patchOperations: [replace(`${path}/rateLimit`, '1'), replace(`${path}/burstLimit`, '1')],
    });
    expect((await gateway.invoke(url, { headers })).status).toBe(200);
    expect((await gateway.invoke(url, { headers })).status).toBe(429);
    await gateway.call('UpdateUsagePlan', { usagePlanId, patchOperations: [{ op: 'remove', path }] });
    expect((await gateway.invoke(url, { headers })).status).toBe(200);
  });

  test('by the stage, without any key, and only for the method that it is set for', async () => {
    const { restApiId, url } = await deploy(gateway, MOCK);
    const stage = { restApiId, stageName: 'PROD' };
    const settings = (method: string) => [
      replace(`${method}/throttling/rateLimit`, '1'),
      replace(`${method}/throttling/burstLimit`, '1'),
    ];
    await gateway.call('UpdateStage', { ...stage, patchOperations: settings('/~1other/POST') });
    for (let n = 0; n < 3; n++) expect((await gateway.invoke(url)).status).toBe(200);
    await gateway.call('UpdateStage', { ...stage, patchOperations: settings('/~1v1/POST') });
    expect((await gateway.invoke(url)).status).toBe(200);
    expect((await gateway.invoke(url)).status).toBe(429);
    await gateway.clock.advance(1000);
    expect((await gateway.invoke(url)).status).toBe(200);
  });

  test('a stage that lets nothing through refuses everything, and counts it as 4XX', async () => {
    const { restApiId, url } = await deploy(gateway, MOCK);
    const patchOperations = [replace('/*/*/throttling/rateLimit', '0'), replace('/*/*/throttling/burstLimit', '0')];
    await gateway.call('UpdateStage', { restApiId, stageName: 'PROD', patchOperations });
    expect((await gateway.invoke(url)).status).toBe(429);
    expect(gateway.samples.filter(({ metric }) => metric.endsWith(' 4XXError')).map(({ value }) => value)).toEqual([
      1, 1,
    ]);
  });
});

describe('quotas', () => {
  test('a day’s quota ends at midnight UTC; what was throttled does not count', async () => {
    const { url, headers } = await planned({
      quota: { limit: 2, period: 'DAY' },
      throttle: { rateLimit: 1, burstLimit: 1 },
    });
    const status = async () => (await gateway.invoke(url, { headers })).status;
    expect(await status()).toBe(200);
    expect(await status()).toBe(429);
    await gateway.clock.advance(1000);
    expect(await status()).toBe(200);
    await gateway.clock.advance(1000);
    const over = await gateway.invoke(url, { headers });
    expect(over).toMatchObject({ status: 429, body: '{"message":"Limit Exceeded"}' });
    expect(over.headers['x-amzn-ErrorType']).toBe('LimitExceededException');
    await gateway.clock.travelTo(Date.parse('2022-01-27T23:59:59Z'));
    expect(await status()).toBe(429);
    await gateway.clock.travelTo(Date.parse('2022-01-28T00:00:01Z'));
    expect(await status()).toBe(200);
  });

  test.each([
    ['WEEK', '2022-01-29T23:59:59Z', '2022-01-30T00:00:00Z'],
    ['MONTH', '2022-01-31T23:59:59Z', '2022-02-01T00:00:00Z'],
  ])('a quota of a %s lasts to its end', async (period, last, next) => {
    const { url, headers } = await planned({ quota: { limit: 1, period } });
    const status = async () => (await gateway.invoke(url, { headers })).status;
    expect(await status()).toBe(200);
    await gateway.clock.travelTo(Date.parse(last));
    expect(await status()).toBe(429);
    await gateway.clock.travelTo(Date.parse(next));
    expect(await status()).toBe(200);
  });

  test('an offset takes from the first period only', async () => {
    const { url, headers } = await planned({ quota: { limit: 2, offset: 1, period: 'DAY' } });
    const status = async () => (await gateway.invoke(url, { headers })).status;
    expect([await status(), await status()]).toEqual([200, 429]);
    await gateway.clock.advance(86_400_000);
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  });

  test('what is used is shown by day, and can be extended', async () => {
    const { url, headers, usagePlanId, key } = await planned({ quota: { limit: 2, period: 'DAY' } });
    await gateway.invoke(url, { headers });
    const days = { usagePlanId, startDate: '2022-01-26', endDate: '2022-01-28' };
    const items = {
      [key.id]: [
        [0, 2],
        [1, 1],
      ],
    };
    expect(await gateway.call('GetUsage', days)).toEqual({ ...days, items });
    const patchOperations = [replace('/remaining', '3')];
    await gateway.call('UpdateUsage', { usagePlanId, keyId: key.id, patchOperations });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await gateway.invoke(url, { headers })).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('the execution log', () => {
  const ofRequest = () => gateway.lines().map((line) => line.replace(/^\([^)]*\) /, ''));

  test('of a request with a key shows no more than its last six characters', async () => {
    const { restApiId, url, headers, key } = await planned();
    await enableLogs(gateway, restApiId);
    await gateway.invoke(url, { headers });
    const shown = `${'*'.repeat(34)}${key.value.slice(-6)}`;
    expect(ofRequest().slice(1, 4)).toEqual([
      expect.stringMatching(/^Verifying Usage Plan for request: /),
      `Usage Plan check succeeded for API Key ${shown} and API Stage ${restApiId}/PROD`,
      expect.stringMatching(/^Starting execution for request: /),
    ]);
    expect(gateway.lines().join('\n')).not.toContain(key.value);
  });

  test('of a throttled request has the lines that AWS writes', async () => {
    const { restApiId, resourceId, url } = await deploy(gateway, MOCK);
    await enableLogs(gateway, restApiId);
    const patchOperations = [
      replace('/~1v1/POST/throttling/rateLimit', '0'),
      replace('/~1v1/POST/throttling/burstLimit', '0'),
      replace('/~1v1/POST/logging/loglevel', 'INFO'),
    ];
    await gateway.call('UpdateStage', { restApiId, stageName: 'PROD', patchOperations });
    const { headers } = await gateway.invoke(url);
    const requestId = headers['x-amzn-RequestId'];
    expect(ofRequest()).toEqual([
      `Extended Request Id: ${headers['x-amz-apigw-id']}`,
      `Verifying Usage Plan for request: ${requestId}. API Key:  API Stage: ${restApiId}/PROD`,
      `Key throttle limit exceeded for RestApi ${restApiId}, Stage PROD, Resource ${resourceId}, HttpMethod POST. Limit: 0.00 Burst: 0`,
      'Method completed with status: 429',
    ]);
  });

  test('of a key without quota left says which plan, and how much it allows', async () => {
    const { restApiId, url, headers, key, usagePlanId } = await planned({ quota: { limit: 0, period: 'DAY' } });
    await enableLogs(gateway, restApiId);
    await gateway.invoke(url, { headers });
    expect(ofRequest()).toContain(
      `API Key ${'*'.repeat(34)}${key.value.slice(-6)} exceeded quota limit for API Stage ${restApiId}/PROD: ` +
        `Key quota exhausted for Usage Plan ID ${usagePlanId}. Limit: 0 Period: DAY`,
    );
  });
});

describe('the control plane', () => {
  test('shows a key’s value to its maker, and later only when asked', async () => {
    const created = await gateway.call('CreateApiKey', { name: 'client' });
    expect(created).toMatchObject({ name: 'client', enabled: false, stageKeys: [] });
    expect(created.value).toMatch(/^[A-Za-z0-9]{40}$/);
    expect(await gateway.call('GetApiKey', { apiKey: created.id })).toEqual({ ...created, value: undefined, tags: {} });
    expect(await gateway.call('GetApiKey', { apiKey: created.id, includeValue: true })).toMatchObject({
      value: created.value,
    });
  });

  test('lists keys newest first, by what their names begin with, a page at a time', async () => {
    for (const name of ['TestKey1', 'TestKey2', 'Other']) await gateway.call('CreateApiKey', { name });
    const names = async (query: object) =>
      (await gateway.call('GetApiKeys', query)).items.map(({ name }: { name: string }) => name);
    expect(await names({})).toEqual(['Other', 'TestKey2', 'TestKey1']);
    expect(await names({ nameQuery: 'TestKey' })).toEqual(['TestKey2', 'TestKey1']);
    expect(await names({ nameQuery: 'testkey' })).toEqual([]);
    expect(await names({ limit: -1 })).toHaveLength(3);
    const { position } = await gateway.call('GetApiKeys', { limit: 2 });
    expect(await names({ limit: 2, position })).toEqual(['TestKey1']);
  });

  test.each([
    ['CreateApiKey', { name: 'a'.repeat(1025) }, 'Invalid API Key name, can be at most 1024 characters.'],
    ['CreateApiKey', { value: 'short' }, 'API Key value should be at least 20 characters'],
    ['CreateApiKey', { value: 'a'.repeat(129) }, 'API Key value exceeds maximum size of 128 characters'],
    ['CreateApiKey', { description: 'a'.repeat(125_001) }, 'Invalid API Key description specified.'],
    ['GetApiKey', { apiKey: 'nobody' }, 'Invalid API Key identifier specified'],
    ['GetUsagePlan', { usagePlanId: 'nobody' }, 'Invalid Usage Plan ID specified'],
    ['UpdateUsagePlan', { usagePlanId: 'nobody', patchOperations: [] }, 'Invalid Usage Plan ID specified'],
  ])('%s with %j fails as AWS fails', async (operation, input, message) => {
    await expect(gateway.call(operation, input)).rejects.toMatchObject({ message });
  });

  test('names what of a key can be changed', async () => {
    const { id: apiKey } = await gateway.call('CreateApiKey');
    const patchOperations = [replace('/id', 'x')];
    await expect(gateway.call('UpdateApiKey', { apiKey, patchOperations })).rejects.toMatchObject({
      message:
        "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description, /enabled, /name, /customerId]",
    });
  });

  test.each([
    [undefined, 'Invalid API Stage specified'],
    ['no colon', 'Invalid API Stage specified'],
    ['API:fakestagename', 'Invalid API Stage {api: API, stage: fakestagename} specified for usageplan PLAN'],
    ['APIb:PROD', 'Invalid API Stage {api: APIb, stage: PROD} specified for usageplan PLAN'],
  ])('a plan does not take the stage %j', async (value, message) => {
    const { restApiId, usagePlanId } = await planned();
    const patchOperations = [{ op: 'add', path: '/apiStages', value: value?.replace('API', restApiId) }];
    await expect(gateway.call('UpdateUsagePlan', { usagePlanId, patchOperations })).rejects.toMatchObject({
      message: message.replace('{api: API', `{api: ${restApiId}`).replace('PLAN', usagePlanId),
    });
  });

  test('a plan is changed as a whole or not at all', async () => {
    const { usagePlanId } = await planned();
    const patchOperations = [replace('/throttle/rateLimit', '200'), replace('/nothing', '1')];
    await expect(gateway.call('UpdateUsagePlan', { usagePlanId, patchOperations })).rejects.toMatchObject({
      message: 'Invalid patch path /nothing',
    });
    expect(await gateway.call('GetUsagePlan', { usagePlanId })).not.toHaveProperty('throttle');
    const changed = await gateway.call('UpdateUsagePlan', {
      usagePlanId,
      patchOperations: [
        replace('/throttle/rateLimit', '200'),
        replace('/throttle/burstLimit', '100'),
        replace('/quota/limit', '5000'),
        replace('/quota/period', 'MONTH'),
      ],
    });
    expect(changed).toMatchObject({
      throttle: { burstLimit: 100, rateLimit: 200 },
      quota: { limit: 5000, offset: 0, period: 'MONTH' },
      tags: {},
    });
  });
});
