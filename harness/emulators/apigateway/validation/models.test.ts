import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type TestGateway, testGateway } from '../testing.ts';

let gateway: TestGateway;
let restApiId: string;
let rootResourceId: string;
beforeEach(async () => {
  gateway = testGateway();
  ({ id: restApiId, rootResourceId } = await gateway.call('CreateRestApi', { name: 'pets' }));
});
afterEach(() => gateway.clock.close());

const failsWith = (code: string, message: string, status: number) => expect.objectContaining({ code, message, status });
const bad = (message: string) => failsWith('BadRequestException', message, 400);
const missing = (message: string) => failsWith('NotFoundException', message, 404);
const conflict = (message: string) => failsWith('ConflictException', message, 409);
const invalid = (problem: string) =>
  bad(`Invalid model specified: Validation Result: warnings : [], errors : [${problem}]`);

const url = (name: string) => `https://apigateway.amazonaws.com/restapis/${restApiId}/models/${name}`;
const create = (name: string, schema: object | string, more: object = {}) =>
  gateway.call('CreateModel', {
    restApiId,
    name,
    contentType: 'application/json',
    schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
    ...more,
  });

describe('models', () => {
  test('a new API has Empty and Error', async () => {
    const { items } = await gateway.call('GetModels', { restApiId });
    expect(items).toEqual([
      {
        id: expect.any(String),
        name: 'Empty',
        description: 'This is a default empty schema model',
        contentType: 'application/json',
        schema: expect.any(String),
      },
      expect.objectContaining({ name: 'Error', description: 'This is a default error schema model' }),
    ]);
    expect(JSON.parse(items[1].schema)).toEqual({
      $schema: 'http://json-schema.org/draft-04/schema#',
      title: 'Error Schema',
      type: 'object',
      properties: { message: { type: 'string' } },
    });
  });

  test('keep their schema as it is written, and leave out an empty description', async () => {
    const schema = '{\n\t"title": "Pet", "type": "object" }';
    const model = await create('Pet', schema, { description: '' });
    expect(model).toEqual({ id: expect.any(String), name: 'Pet', contentType: 'application/json', schema });
    expect(await gateway.call('GetModel', { restApiId, modelName: 'Pet' })).toEqual(model);
    await gateway.call('DeleteModel', { restApiId, modelName: 'Pet' });
    await expect(gateway.call('GetModel', { restApiId, modelName: 'Pet' })).rejects.toEqual(
      missing('Invalid model name specified: Pet'),
    );
  });

  test.each([
    ['an empty name', '', { type: 'object' }, bad('Model name must be non-empty')],
    ['a name that is not alphanumeric', 'a.b', { type: 'object' }, bad('Model name must be alphanumeric: a.b')],
    ['no schema', 'Pet', '', bad('Model schema must have at least 1 property or array items defined')],
    ['text that is no JSON', 'Pet', '{"type":', invalid('Invalid model schema specified')],
    ['an unknown type', 'Pet', { type: 'String' }, invalid('Invalid model schema specified')],
    ['an empty required', 'Pet', { type: 'object', required: [] }, invalid('Invalid model schema specified')],
    ['an enum with a value twice', 'Pet', { enum: ['a', 'a'] }, invalid('Invalid model schema specified')],
    ['a pattern that cannot be read', 'Pet', { pattern: '(' }, invalid('Invalid model schema specified')],
    ['a definition that is not there', 'Pet', { $ref: '#/definitions/x' }, invalid('Invalid model schema specified')],
    [
      'keywords of another draft',
      'Pet',
      { type: 'object', properties: { a: { example: 1, const: 2 } } },
      invalid('Invalid model schema specified. Unsupported keyword(s): ["const","example"]'),
    ],
    [
      'a reference elsewhere',
      'Pet',
      { items: { $ref: 'https://example.com/schema' } },
      invalid('Model reference must be in canonical form'),
    ],
    ['a name that is taken', 'Empty', { type: 'object' }, conflict('Model name already exists for this REST API')],
  ])('are refused with %s', async (_what, name, schema, error) => {
    await expect(create(name, schema)).rejects.toEqual(error);
  });

  test('refer to each other by their address, and may be asked for with all that they refer to', async () => {
    await expect(create('Pets', { type: 'array', items: { $ref: url('Pet') } })).rejects.toEqual(
      invalid('Invalid model specified: Pet'),
    );
    await create('Pet', { type: 'object', properties: { friend: { $ref: url('Pet') }, name: { type: 'string' } } });
    await create('Pets', { type: 'array', items: { $ref: url('Pet') } });
    const { schema } = await gateway.call('GetModel', { restApiId, modelName: 'Pets', flatten: true });
    expect(JSON.parse(schema)).toEqual({
      type: 'array',
      items: { $ref: '#/definitions/Pet' },
      definitions: {
        Pet: { type: 'object', properties: { friend: { $ref: '#/definitions/Pet' }, name: { type: 'string' } } },
      },
    });
    await expect(gateway.call('DeleteModel', { restApiId, modelName: 'Pet' })).rejects.toEqual(
      conflict("Cannot delete model 'Pet', is referenced in model: Pets"),
    );
  });

  test('offer a template to begin with', async () => {
    await create('Pet', { type: 'object', properties: { name: { type: 'string' }, age: { type: 'integer' } } });
    expect(await gateway.call('GetModelTemplate', { restApiId, modelName: 'Pet' })).toEqual({
      value: '#set($inputRoot = $input.path(\'$\'))\n{\n  "name" : "foo",\n  "age" : 42\n}',
    });
  });

  test.each([
    ['GetModel', {}, missing('Invalid model name specified: Pet')],
    ['DeleteModel', {}, missing('Invalid model name specified: Pet')],
    ['UpdateModel', { patchOperations: [] }, missing('Invalid model name specified: Pet')],
    ['GetModels', {}, missing(`Invalid API identifier specified ${ACCOUNT}:abcde0`)],
    ['CreateModel', { name: 'Pet' }, missing(`Invalid API identifier specified ${ACCOUNT}:abcde0`)],
  ])('%s names what is wrong with the API', async (name, input, error) => {
    await expect(gateway.call(name, { restApiId: 'abcde0', modelName: 'Pet', ...input })).rejects.toEqual(error);
  });

  test('are changed as a whole or not at all', async () => {
    await create('Pet', { title: 'Pet', type: 'object' });
    const update = (...patchOperations: object[]) =>
      gateway.call('UpdateModel', { restApiId, modelName: 'Pet', patchOperations });
    const schema = '{"title":"Updated schema","type":"object"}';
    expect(
      await update(
        { op: 'replace', path: '/schema', value: schema },
        { op: 'replace', path: '/description', value: '' },
      ),
    ).toEqual({ id: expect.any(String), name: 'Pet', contentType: 'application/json', schema });
    await expect(update({ op: 'add', path: '/wrong-path', value: 'x' })).rejects.toEqual(
      bad("Invalid patch path  '/wrong-path' specified for op 'add'. Please choose supported operations"),
    );
    await expect(update({ op: 'replace', path: '/name', value: 'x' })).rejects.toEqual(
      bad("Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]"),
    );
    await expect(
      update({ op: 'replace', path: '/description', value: 'x' }, { op: 'replace', path: '/schema', value: '' }),
    ).rejects.toEqual(bad('Model schema must have at least 1 property or array items defined'));
    expect(await gateway.call('GetModel', { restApiId, modelName: 'Pet' })).not.toHaveProperty('description');
  });

  test('cannot be deleted while a method uses them', async () => {
    await create('Pet', { type: 'object' });
    const requestModels = { 'application/json': 'Pet' };
    const about = { restApiId, httpMethod: 'ANY', authorizationType: 'NONE', requestModels };
    await gateway.call('PutMethod', { ...about, resourceId: rootResourceId });
    const remove = () => gateway.call('DeleteModel', { restApiId, modelName: 'Pet' });
    await expect(remove()).rejects.toEqual(
      conflict("Cannot delete model 'Pet', is referenced in method request: //ANY"),
    );
    const { id } = await gateway.call('CreateResource', { restApiId, parentId: rootResourceId, pathPart: 'test' });
    await gateway.call('PutMethod', { ...about, resourceId: id });
    await expect(remove()).rejects.toEqual(
      conflict("Cannot delete model 'Pet', is referenced in method request: /test/ANY"),
    );
    await gateway.call('UpdateMethod', {
      restApiId,
      resourceId: id,
      httpMethod: 'ANY',
      patchOperations: [{ op: 'remove', path: '/requestModels/application~1json', value: 'Pet' }],
    });
    await gateway.call('DeleteMethod', { restApiId, resourceId: rootResourceId, httpMethod: 'ANY' });
    expect(await remove()).toEqual({});
  });
});

describe('request validators', () => {
  test('are made, shown, changed and deleted', async () => {
    const made = await gateway.call('CreateRequestValidator', { restApiId, name: 'body' });
    expect(made).toEqual({
      id: expect.any(String),
      name: 'body',
      validateRequestBody: false,
      validateRequestParameters: false,
    });
    const at = { restApiId, requestValidatorId: made.id };
    const update = (patch: object) => gateway.call('UpdateRequestValidator', { ...at, patchOperations: [patch] });
    const replace = { op: 'replace', path: '/validateRequestBody' };
    expect(await update({ ...replace, value: 'true' })).toEqual({ ...made, validateRequestBody: true });
    expect(await update(replace)).toEqual(made);
    expect(await gateway.call('GetRequestValidators', { restApiId })).toMatchObject({ items: [made] });
    await expect(update({ ...replace, op: 'add' })).rejects.toEqual(
      bad("Invalid patch path  '/validateRequestBody' specified for op 'add'. Please choose supported operations"),
    );
    await expect(update({ op: 'replace', path: '/invalidPath', value: 'true' })).rejects.toEqual(
      bad(
        "Invalid patch path  '/invalidPath' specified for op 'replace'. " +
          'Must be one of: [/name, /validateRequestParameters, /validateRequestBody]',
      ),
    );
    await expect(update({ op: 'replace', path: '/name' })).rejects.toEqual(
      bad('Request Validator name cannot be blank'),
    );
    await gateway.call('DeleteRequestValidator', at);
    await expect(gateway.call('GetRequestValidator', at)).rejects.toEqual(
      missing('Invalid Request Validator identifier specified'),
    );
  });

  test.each([
    ['CreateRequestValidator', bad('Invalid REST API identifier specified')],
    ['GetRequestValidators', missing(`Invalid API identifier specified ${ACCOUNT}:api_id`)],
    ['GetRequestValidator', missing('Invalid Request Validator identifier specified')],
    ['DeleteRequestValidator', missing('Invalid Request Validator identifier specified')],
  ])('%s names what is wrong with the API', async (name, error) => {
    await expect(gateway.call(name, { restApiId: 'api_id', name: 'v', requestValidatorId: 'v' })).rejects.toEqual(
      error,
    );
  });

  test('belong to methods, which have to name one that is there', async () => {
    const { id } = await gateway.call('CreateRequestValidator', { restApiId, name: 'body' });
    const at = { restApiId, resourceId: rootResourceId, httpMethod: 'POST' };
    const unknown = bad('Invalid Request Validator identifier specified');
    const put = (requestValidatorId: string) =>
      gateway.call('PutMethod', { ...at, authorizationType: 'NONE', requestValidatorId });
    await expect(put('fake')).rejects.toEqual(unknown);
    expect(await put(id)).toMatchObject({ requestValidatorId: id });
    const update = (value: string) =>
      gateway.call('UpdateMethod', { ...at, patchOperations: [{ op: 'replace', path: '/requestValidatorId', value }] });
    await expect(update('fake')).rejects.toEqual(unknown);
    await expect(gateway.call('DeleteRequestValidator', { restApiId, requestValidatorId: id })).rejects.toEqual(
      conflict(`Cannot delete request validator '${id}', is referenced in method request: //POST`),
    );
    expect(await update('')).not.toHaveProperty('requestValidatorId');
  });
});
