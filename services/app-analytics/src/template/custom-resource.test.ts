import { describe, expect, test } from 'vitest';
import { answer, type CustomResourceRequest, NOTHING } from './custom-resource.ts';
import { type Domain, indexTemplateResource } from './index-template.ts';

const BODY = '{"index_patterns":["pinpoint*"],"order":1}';
const PROPERTIES = {
  ServiceToken: 'arn:aws:lambda:ap-northeast-2:123456789012:function:f',
  DomainEndpoint: 'search-pinpoint-x.ap-northeast-2.es.amazonaws.com',
  IsWanted: 'true',
  Name: 'default_template',
  Body: BODY,
};
const PHYSICAL_ID = 'search-pinpoint-x.ap-northeast-2.es.amazonaws.com/_template/default_template';

function request(type: CustomResourceRequest['RequestType'], members: Partial<CustomResourceRequest> = {}) {
  return {
    RequestType: type,
    ResponseURL: 'https://cloudformation-custom-resource-response.example/presigned',
    StackId: 'arn:aws:cloudformation:ap-northeast-2:123456789012:stack/app-analytics/1',
    RequestId: 'r-1',
    LogicalResourceId: 'IndexTemplate',
    ResourceProperties: PROPERTIES,
    ...members,
  } satisfies CustomResourceRequest;
}

/** A domain that writes down what it is asked for, and what CloudFormation is answered. */
async function ask(asked: CustomResourceRequest, failure?: Error) {
  const calls: string[] = [];
  const open = (endpoint: string): Domain => ({
    async putTemplate(name, body) {
      calls.push(`put ${endpoint} ${name} ${body}`);
      if (failure) throw failure;
    },
    async removeTemplate(name) {
      calls.push(`remove ${endpoint} ${name}`);
      if (failure) throw failure;
    },
  });
  return { calls, response: await answer(asked, indexTemplateResource(open), '2020/05/18/[$LATEST]1') };
}

const PUT = [`put ${PROPERTIES.DomainEndpoint} default_template ${BODY}`];
const REMOVE = [`remove ${PROPERTIES.DomainEndpoint} default_template`];

describe('Create', () => {
  test('puts the template as it is written, and names it by its address', async () => {
    const { calls, response } = await ask(request('Create'));
    expect(calls).toEqual(PUT);
    expect(response).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: PHYSICAL_ID,
      StackId: 'arn:aws:cloudformation:ap-northeast-2:123456789012:stack/app-analytics/1',
      RequestId: 'r-1',
      LogicalResourceId: 'IndexTemplate',
      Data: { Name: 'default_template' },
    });
  });

  test('puts nothing where no template is wanted', async () => {
    const { calls, response } = await ask(
      request('Create', { ResourceProperties: { ...PROPERTIES, IsWanted: 'false' } }),
    );
    expect([calls, response.Status]).toEqual([[], 'SUCCESS']);
  });

  test('says why it failed, and where to read on, in less than CloudFormation takes', async () => {
    const { response } = await ask(request('Create'), new Error(`The domain said ${'no'.repeat(5_000)}`));
    expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: NOTHING });
    expect(response.Reason).toMatch(/^The domain said nono.*… \(log stream: 2020\/05\/18\/\[\$LATEST\]1\)$/);
    expect(Buffer.byteLength(JSON.stringify(response))).toBeLessThan(4_096);
  });

  test.each([
    [{ DomainEndpoint: '' }, 'DomainEndpoint must be the endpoint of an OpenSearch domain.'],
    [
      { Name: '../_all' },
      'Name must be the name of an index template: small letters, digits, and _ . - after the first.',
    ],
    [{ IsWanted: 'yes' }, 'IsWanted must be true or false.'],
    [{ Body: { index_patterns: ['pinpoint*'] } }, 'Body must be the index template as JSON, in a text.'],
    [{ Body: '{"order":1}' }, 'Body must have index_patterns: a list of patterns such as "pinpoint*".'],
    [{ Body: 'null' }, 'Body must have index_patterns: a list of patterns such as "pinpoint*".'],
  ])('refuses %o before it asks the domain', async (wrong, reason) => {
    const { calls, response } = await ask(request('Create', { ResourceProperties: { ...PROPERTIES, ...wrong } }));
    expect(calls).toEqual([]);
    expect(response.Reason).toBe(`${reason} (log stream: 2020/05/18/[$LATEST]1)`);
  });

  test('tells a body that is no JSON', async () => {
    const { response } = await ask(request('Create', { ResourceProperties: { ...PROPERTIES, Body: '{' } }));
    expect(response.Reason).toMatch(/^Body is not JSON: /);
  });
});

describe('Update', () => {
  const update = (now: object, old: object) =>
    ask(
      request('Update', {
        PhysicalResourceId: PHYSICAL_ID,
        ResourceProperties: { ...PROPERTIES, ...now },
        OldResourceProperties: { ...PROPERTIES, ...old },
      }),
    );

  test('puts the template again', async () => {
    const { calls, response } = await update({}, { Body: '{"index_patterns":["pin*"]}' });
    expect([calls, response.PhysicalResourceId]).toEqual([PUT, PHYSICAL_ID]);
  });

  test('removes what is not wanted any more', async () => {
    expect((await update({ IsWanted: 'false' }, {})).calls).toEqual(REMOVE);
  });

  test('leaves a template alone that it had not put', async () => {
    expect((await update({ IsWanted: 'false' }, { IsWanted: 'false' })).calls).toEqual([]);
  });

  test('under another name makes another resource, so that CloudFormation has the old one deleted', async () => {
    const { response } = await update({ Name: 'other' }, {});
    expect(response.PhysicalResourceId).toBe(`${PROPERTIES.DomainEndpoint}/_template/other`);
  });

  test('that fails keeps the name, so that nothing is deleted', async () => {
    const asked = request('Update', { PhysicalResourceId: PHYSICAL_ID, OldResourceProperties: PROPERTIES });
    const { response } = await ask(asked, new Error('away'));
    expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: PHYSICAL_ID });
  });
});

describe('Delete', () => {
  test('removes the template', async () => {
    const { calls, response } = await ask(request('Delete', { PhysicalResourceId: PHYSICAL_ID }));
    expect([calls, response.Status, response.PhysicalResourceId]).toEqual([REMOVE, 'SUCCESS', PHYSICAL_ID]);
  });

  test('after a Create that failed has nothing to do, whatever the properties were', async () => {
    const asked = request('Delete', { PhysicalResourceId: NOTHING, ResourceProperties: { Body: '{' } });
    expect(await ask(asked)).toMatchObject({ calls: [], response: { Status: 'SUCCESS' } });
  });

  test('leaves a template alone that was not wanted', async () => {
    const properties = { ...PROPERTIES, IsWanted: 'false' };
    const asked = request('Delete', { PhysicalResourceId: PHYSICAL_ID, ResourceProperties: properties });
    expect(await ask(asked)).toMatchObject({ calls: [], response: { Status: 'SUCCESS' } });
  });

  test('that fails is told, so that nobody believes it gone', async () => {
    const { response } = await ask(request('Delete', { PhysicalResourceId: PHYSICAL_ID }), new Error('away'));
    expect(response).toMatchObject({ Status: 'FAILED', PhysicalResourceId: PHYSICAL_ID });
  });
});
