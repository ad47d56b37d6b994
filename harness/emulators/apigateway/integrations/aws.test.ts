import { afterEach, expect, test } from 'vitest';
import type { InternalRequest } from '../../../edge/emulator.ts';
import { deploy, json, REGION, ROLE, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
afterEach(() => gateway.clock.close());

/** What an integration sends of a posted `{"a":1}`. */
async function sent(uri: string, more: object = {}): Promise<InternalRequest> {
  const requests: InternalRequest[] = [];
  gateway = testGateway((request) => {
    requests.push(request);
    return json(200, '{}');
  });
  const integration = {
    type: 'AWS',
    credentials: ROLE,
    integrationHttpMethod: 'POST',
    uri: `arn:aws:apigateway:${REGION}:${uri}`,
    ...more,
  };
  const { url } = await deploy(gateway, { integration });
  const headers = { 'Content-Type': 'application/json', Host: 'api.example' };
  expect((await gateway.invoke(`${url}?n=brook`, { headers, body: '{"a":1}' })).status).toBe(200);
  return requests[0] as InternalRequest;
}

const mapped = (entries: Record<string, string>) => ({
  requestParameters: Object.fromEntries(
    Object.entries(entries).map(([name, source]) => [`integration.request.${name}`, source]),
  ),
});

test.each([
  ['kinesis:action/PutRecords', 'Kinesis_20131202.PutRecords'],
  ['firehose:action/PutRecord', 'Firehose_20150804.PutRecord'],
  ['dynamodb:action/PutItem', 'DynamoDB_20120810.PutItem'],
  ['states:action/StartExecution', 'AWSStepFunctions.StartExecution'],
])('%s is JSON with a target', async (uri, target) => {
  const { service, headers, target: path, body } = await sent(uri);
  expect([service, headers['X-Amz-Target'], path, body]).toEqual([uri.split(':')[0], target, '/', '{"a":1}']);
});

test('a target that is mapped is kept, and makes JSON of any action', async () => {
  const target = { 'header.X-Amz-Target': "'AmazonSQS.SendMessage'" };
  const { headers, body } = await sent('sqs:action/SendMessage', mapped(target));
  expect(headers).toMatchObject({ 'X-Amz-Target': 'AmazonSQS.SendMessage', 'Content-Type': 'application/json' });
  expect(body).toBe('{"a":1}');
});

test('any other action is a query, whose body counts only if it is a form', async () => {
  const names = { 'querystring.Name': 'method.request.querystring.n' };
  const query = await sent('sns:action/CreateTopic', mapped(names));
  expect(query).toMatchObject({ target: '/?Action=CreateTopic&Name=brook', body: '' });
  expect(query.headers).toMatchObject({ 'Content-Type': 'application/x-www-form-urlencoded' });
  gateway.clock.close();
  const form = await sent('sqs:action/SendMessage', {
    ...mapped({ 'header.content-type': "'application/x-www-form-urlencoded'" }),
    requestTemplates: { 'application/json': 'MessageBody=$util.urlEncode($input.body)' },
  });
  expect(form).toMatchObject({ target: '/?Action=SendMessage', body: 'MessageBody=%7B%22a%22%3A1%7D' });
});

test('a path may have a query of its own, and an action in it', async () => {
  const action = { 'querystring.Action': "'SendMessage'", 'querystring.MessageBody': 'method.request.body' };
  const { target, body } = await sent('sqs:path/000000000000/brook', mapped(action));
  expect([target, body]).toEqual(['/000000000000/brook?Action=SendMessage&MessageBody=%7B%22a%22%3A1%7D', '']);
  gateway.clock.close();
  expect((await sent('s3:path/brook/key?versions', { integrationHttpMethod: 'PUT' })).target).toBe(
    '/brook/key?versions',
  );
});

test('a name before the service’s is the bucket, or the host', async () => {
  expect((await sent('brook.s3:path/a/b', { integrationHttpMethod: 'PUT' })).target).toBe('/brook/a/b');
  gateway.clock.close();
  const { headers } = await sent('abc.appsync-api:path/graphql');
  expect(headers).toMatchObject({ Host: `abc.appsync-api.${REGION}.amazonaws.com` });
});

test('the host of a service is never that of the caller, nor a mapped one', async () => {
  const { headers } = await sent('s3:path/brook/key', mapped({ 'header.Host': 'method.request.header.Host' }));
  expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('host');
});

test('GET has no body, and the caller’s method decides on its content type', async () => {
  const { body, headers } = await sent('s3:path/brook/key', { integrationHttpMethod: 'GET' });
  expect([body, headers['Content-Type']]).toEqual(['', 'application/json']);
});

test('an address that is none once its variables are filled in is a configuration error', async () => {
  gateway = testGateway();
  const uri = `arn:aws:apigateway:${REGION}:$`.concat('{stageVariables.service}:path/x');
  const integration = { type: 'AWS', credentials: ROLE, integrationHttpMethod: 'POST', uri };
  const { url } = await deploy(gateway, { integration });
  expect(await gateway.invoke(url)).toMatchObject({ status: 500, body: '{"message": "Internal server error"}' });
});
