import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploy, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
let at: object;
beforeEach(async () => {
  gateway = testGateway();
  ({ at } = await deploy(gateway, { integration: { type: 'MOCK' } }));
});
afterEach(() => gateway.clock.close());

const fails = (code: string, message: string) => expect.objectContaining({ code, message });
const HEADER = '/responseParameters/method.response.header.my-header';
const MODEL = '/responseModels/application~1json';

const update = (patchOperations: object[], more: object = {}) =>
  gateway.call('UpdateMethodResponse', { ...at, statusCode: '200', patchOperations, ...more });
const patch = (op: string, path: string, value = 'true') => ({ op, path, value });

test('headers and models of a method response are added, replaced and removed', async () => {
  const whole = {
    statusCode: '200',
    responseParameters: { 'method.response.header.my-header': true },
    responseModels: { 'application/json': 'Empty' },
  };
  expect(await update([patch('add', HEADER), patch('add', MODEL, 'Empty')])).toEqual(whole);
  expect(await update([patch('replace', HEADER), patch('replace', MODEL, 'Empty')])).toEqual(whole);
  expect(await update([patch('remove', HEADER), patch('remove', MODEL, 'Empty')])).toEqual({ statusCode: '200' });
});

const OP_PROBLEM =
  "Value 'wrong_op' at 'updateMethodResponseInput.patchOperations.1.member.op' failed to satisfy constraint: " +
  'Member must satisfy enum value set: [add, remove, move, test, replace, copy]';
const CODE_PROBLEM =
  "Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\\d\\d";

test.each([
  [patch('remove', HEADER), {}, 'NotFoundException', 'Invalid parameter name specified'],
  [patch('replace', '/responseParameters/wrong'), {}, 'NotFoundException', 'Invalid parameter name specified'],
  [patch('remove', MODEL), {}, 'NotFoundException', 'Content-Type specified was not found'],
  [patch('replace', '/responseModels/wrong', 'Empty'), {}, 'NotFoundException', 'Content-Type specified was not found'],
  [patch('remove', '/wrong/x'), {}, 'BadRequestException', 'Invalid patch path /wrong/x'],
  [patch('add', MODEL, 'Pet'), {}, 'BadRequestException', 'Invalid model identifier specified: Pet'],
  [patch('add', HEADER), { statusCode: '201' }, 'NotFoundException', 'Invalid Response status code specified'],
  [patch('add', HEADER), { resourceId: 'wrong' }, 'NotFoundException', 'Invalid Resource identifier specified'],
  [patch('add', HEADER), { httpMethod: 'PUT' }, 'NotFoundException', 'Invalid Method identifier specified'],
  [
    patch('add', HEADER),
    { statusCode: 'wrong' },
    'ValidationException',
    `1 validation error detected: ${CODE_PROBLEM}`,
  ],
  [
    patch('wrong_op', HEADER),
    { statusCode: 'wrong' },
    'ValidationException',
    `2 validation errors detected: ${OP_PROBLEM}; ${CODE_PROBLEM}`,
  ],
])('%j of a method response is refused, in %j', async (operation, more, code, message) => {
  await expect(update([operation], more)).rejects.toEqual(fails(code, message));
});

test('what is said about a deployment changes, and nothing else of it', async () => {
  const { restApiId, deploymentId } = await deploy(gateway, { integration: { type: 'MOCK' } });
  const change = (path: string, value: string) =>
    gateway.call('UpdateDeployment', { restApiId, deploymentId, patchOperations: [patch('replace', path, value)] });
  const changed = { id: deploymentId, createdDate: expect.any(Date), description: 'new-description' };
  expect(await change('/description', 'new-description')).toEqual(changed);
  expect(await gateway.call('GetDeployment', { restApiId, deploymentId })).toEqual(changed);
  await expect(change('/id', 'x')).rejects.toEqual(
    fails(
      'BadRequestException',
      "Invalid patch path  '/id' specified for op 'replace'. Must be one of: [/description]",
    ),
  );
  expect(await change('/description', '')).not.toHaveProperty('description');
});
