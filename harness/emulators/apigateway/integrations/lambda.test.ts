import { afterEach, describe, expect, test } from 'vitest';
import type { InternalRequest, InternalResponse } from '../../../edge/emulator.ts';
import { ACCOUNT, deploy, enableLogs, json, REGION, ROLE, type TestGateway, testGateway } from '../testing.ts';

const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:gasdetector_api`;
const LAMBDA = {
  type: 'AWS',
  integrationHttpMethod: 'POST',
  uri: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`,
};
const RESPONSES = {
  methodResponses: ['200', '400', '500', '503'].map((statusCode) => ({ statusCode })),
  integrationResponses: [
    { statusCode: '200' },
    {
      statusCode: '400',
      selectionPattern: 'bad: .*',
      responseTemplates: { 'application/json': `{"msg":$input.json('$.errorMessage')}` },
    },
    { statusCode: '503', selectionPattern: 'away: (.|\\n)*' },
    { statusCode: '500', selectionPattern: '(?!bad: |away: )(.|\\n)+' },
  ],
};
const PLAN = { integration: LAMBDA, ...RESPONSES };
const READING = '{"groupid":"2","no2":{"value":"88"}}';

let gateway: TestGateway;
afterEach(() => gateway.clock.close());

interface Told {
  /** Statements of the function's policy; none: there is no policy. */
  readonly statements?: readonly object[];
  readonly answer?: InternalResponse;
}

const statement = (condition?: object) => ({
  Sid: 's',
  Effect: 'Allow',
  Principal: { Service: 'apigateway.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: FUNCTION,
  ...(condition ? { Condition: condition } : {}),
});

/** A Lambda that answers what it is told to; `sent` is what it was asked to run. */
function lambda({ statements = [statement()], answer = json(200, { msg: 'success' }) }: Told = {}) {
  const sent: InternalRequest[] = [];
  gateway = testGateway((request) => {
    if (request.target.endsWith('/policy')) {
      if (statements.length === 0) return json(404, { Message: 'The resource you requested does not exist.' });
      return json(200, { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) });
    }
    sent.push(request);
    return answer;
  });
  return sent;
}

/** What Lambda answers when a function throws `new Error(message)`. */
const thrown = (message: unknown) =>
  json(200, { errorType: 'Error', errorMessage: message, trace: [] }, { 'x-amz-function-error': 'Unhandled' });

test('the body is the event, and what the function returns is the answer', async () => {
  const sent = lambda();
  const { url } = await deploy(gateway, PLAN);
  expect(await gateway.invoke(url, { body: READING })).toMatchObject({ status: 200, body: '{"msg":"success"}' });
  expect(sent).toMatchObject([
    {
      service: 'lambda',
      method: 'POST',
      target: `/2015-03-31/functions/${FUNCTION}/invocations`,
      headers: { 'x-naetmul-cause': '1' },
      body: READING,
    },
  ]);
});

test('with Event as the invocation type the answer is empty, for nobody waits', async () => {
  const sent = lambda({ answer: json(202, '') });
  const requestParameters = { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" };
  const { url } = await deploy(gateway, { integration: { ...LAMBDA, requestParameters } });
  expect(await gateway.invoke(url, { body: READING })).toMatchObject({ status: 200, body: '' });
  expect(sent[0]?.headers).toMatchObject({ 'X-Amz-Invocation-Type': 'Event' });
});

describe('an error of the function', () => {
  test.each([
    ['whose message matches a pattern', 'bad: "다섯" is no number', 400, '{"msg":"bad: \\"다섯\\" is no number"}'],
    ['whose message has a line break', 'away: first\nsecond', 503, undefined],
    ['that no other pattern is for', 'Task timed out after 3.00 seconds', 500, undefined],
  ])('%s gets that response', async (_what, message, status, body) => {
    const answer = thrown(message);
    lambda({ answer });
    const { url } = await deploy(gateway, PLAN);
    expect(await gateway.invoke(url, { body: READING })).toMatchObject({
      status,
      body: body ?? answer.body.toString(),
    });
  });

  test.each([
    ['matches no pattern', 'something else', undefined],
    ['only begins with what a pattern says', 'bad', 'ba'],
    ['has no message', null, undefined],
  ])('that %s gets the default, which is 200: the trap', async (_what, message, pattern) => {
    lambda({ answer: thrown(message) });
    const [byDefault, bad] = RESPONSES.integrationResponses;
    const responses = [byDefault, { ...bad, ...(pattern ? { selectionPattern: pattern } : {}) }] as object[];
    const { url } = await deploy(gateway, { ...PLAN, integrationResponses: responses });
    expect((await gateway.invoke(url, { body: READING })).status).toBe(200);
  });
});

test('a success gets the default, whatever its text', async () => {
  lambda({ answer: json(200, { errorMessage: 'bad: so it says' }) });
  const { url } = await deploy(gateway, PLAN);
  expect((await gateway.invoke(url, { body: READING })).status).toBe(200);
});

describe('what Lambda itself refuses never gets an integration response', () => {
  const INTERNAL = '{"message": "Internal server error"}';
  const JSON_FAULT = 'Could not parse request body into json: Could not parse payload into json: …';
  test.each([
    [
      'throttling',
      json(429, { Reason: 'ConcurrentInvocationLimitExceeded', message: 'Rate Exceeded.' }),
      500,
      INTERNAL,
    ],
    [
      'a fault of its own',
      json(500, { Message: 'The AWS Lambda service encountered an internal error.' }),
      500,
      INTERNAL,
    ],
    ['a function that is gone', json(404, { Message: 'Function not found' }), 500, INTERNAL],
    ['another 400', json(400, { message: 'Invalid something' }), 500, INTERNAL],
    ['a body that is no JSON', json(400, { Type: 'User', message: JSON_FAULT }), 400, `{"message": "${JSON_FAULT}"}`],
    [
      'a body of more than 6 MB',
      json(413, { message: 'Request must be smaller than …' }),
      413,
      '{"message":"Request Too Long"}',
    ],
    ['an answer that is no JSON', json(502, '<html>'), 500, INTERNAL],
  ])('%s', async (_what, answer, status, body) => {
    lambda({ answer });
    const { url } = await deploy(gateway, PLAN);
    expect(await gateway.invoke(url, { body: READING })).toMatchObject({ status, body });
  });

  test('and the log says what it was', async () => {
    lambda({ answer: json(429, { message: 'Rate Exceeded.' }, { 'x-amzn-requestid': 'r-1' }) });
    const { url, restApiId } = await deploy(gateway, PLAN);
    await enableLogs(gateway, restApiId);
    await gateway.invoke(url, { body: READING });
    const lines = gateway.lines().map((line) => line.replace(/^\(\S+\) /, ''));
    expect(lines).toContain('Lambda invocation failed with status: 429. Lambda request id: r-1');
    expect(lines).toContain('Execution failed due to an internal error: Rate Exceeded.');
  });

  test('and after a fault of Lambda itself the ledger says that the outcome is unknown', async () => {
    lambda({ answer: json(500, { Message: 'The AWS Lambda service encountered an internal error.' }) });
    const { url } = await deploy(gateway, PLAN);
    await gateway.invoke(url, { body: READING });
    expect(gateway.entries.map(({ what }) => what)).toEqual(['received', 'unknown']);
  });
});

describe('the function’s resource policy', () => {
  const like = (arn: string) => [statement({ ArnLike: { 'AWS:SourceArn': arn } })];
  const account = (id: string) => [statement({ StringEquals: { 'AWS:SourceAccount': id } })];
  const other = (change: object) => [{ ...statement(), ...change }];
  const arn = (path: string) => `arn:aws:execute-api:${REGION}:${ACCOUNT}:API/${path}`;
  test.each([
    ['everybody', other({ Principal: '*' }), true],
    ['every stage and method', like(arn('*')), true],
    ['every stage of this method', like(arn('*/POST/v1')), true],
    ['exactly this', like(arn('PROD/POST/v1')), true],
    ['this account', account(ACCOUNT), true],
    ['one of several statements', [...like(arn('*/GET/v1')), ...like(arn('*/POST/?1'))], true],
    ['nobody', [], false],
    ['another method', like(arn('*/GET/v1')), false],
    ['another resource', like(arn('*/POST/v2')), false],
    ['another stage', like(arn('test/*')), false],
    ['another API', like(`arn:aws:execute-api:${REGION}:${ACCOUNT}:other/*`), false],
    ['another account', account('999999999999'), false],
    ['another service', other({ Principal: { Service: 's3.amazonaws.com' } }), false],
    ['another action', other({ Action: 'lambda:GetFunction' }), false],
  ])('that lets in %s', async (_what, statements, isIn) => {
    const given: object[] = [];
    const sent = lambda({ statements: given });
    const { url, restApiId } = await deploy(gateway, PLAN);
    given.push(...JSON.parse(JSON.stringify(statements).replaceAll(':API/', `:${restApiId}/`)));
    const { status, body } = await gateway.invoke(url, { body: READING });
    expect([status, sent.length]).toEqual(isIn ? [200, 1] : [500, 0]);
    if (!isIn) expect(body).toBe('{"message": "Internal server error"}');
  });

  test('is named in the log when it lets nobody in', async () => {
    lambda({ statements: [] });
    const { url, restApiId } = await deploy(gateway, PLAN);
    await enableLogs(gateway, restApiId);
    await gateway.invoke(url, { body: READING });
    expect(gateway.lines().join('\n')).toContain(
      'Execution failed due to configuration error: Invalid permissions on Lambda function',
    );
  });

  test('is not asked for where the integration has a role of its own', async () => {
    const sent = lambda({ statements: [] });
    const { url } = await deploy(gateway, { ...PLAN, integration: { ...LAMBDA, credentials: ROLE } });
    expect((await gateway.invoke(url, { body: READING })).status).toBe(200);
    expect(sent).toHaveLength(1);
  });
});
