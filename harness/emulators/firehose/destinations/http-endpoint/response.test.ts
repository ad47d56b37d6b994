import { expect, test } from 'vitest';
import { judgeResponse } from './response.ts';

const ID = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';
const OK = { requestId: ID, timestamp: 1_578_090_903_599 };

function respond(body: unknown, changes: { status?: number; headers?: Record<string, string | undefined> } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': String(text.length), ...changes.headers };
  return judgeResponse({ status: changes.status ?? 200, headers, body: Buffer.from(text) }, ID);
}

const invalid = (fault: string, raw: string) => ({
  code: 'HttpEndpoint.InvalidResponseFromDestination',
  message: `The response received from the specified endpoint is invalid. Contact the owner of the endpoint to resolve the issue. Response for request ${ID} ${fault}. Raw response received: 200 ${raw}`,
});

test.each([
  ['the acknowledgement', OK, {}],
  ['one with an empty message', { ...OK, errorMessage: '' }, {}],
  ['one whose content type names a charset', OK, { headers: { 'content-type': 'Application/JSON; charset=utf-8' } }],
])('%s is a success', (_name, body, changes) => {
  expect(respond(body, changes)).toBeUndefined();
});

test.each([
  ['no JSON', 'OK', {}, 'is not recognized as valid JSON or has unexpected fields'],
  ['a requestId of null', '{"requestId": null}', {}, 'is not recognized as valid JSON or has unexpected fields'],
  [
    'a member that AWS does not know',
    { ...OK, ok: true },
    {},
    'is not recognized as valid JSON or has unexpected fields',
  ],
  ['a list', '[]', {}, 'is not recognized as valid JSON or has unexpected fields'],
  [
    'a timestamp that is text',
    { ...OK, timestamp: '1578090903599' },
    {},
    'is not recognized as valid JSON or has unexpected fields',
  ],
  ['no requestId', { timestamp: 1 }, {}, 'does not contain a requestId'],
  ['the requestId of another', { ...OK, requestId: 'x' }, {}, 'contains a requestId that does not match'],
  ['no timestamp', { requestId: ID }, {}, 'does not contain a timestamp'],
  [
    'another content type',
    OK,
    { headers: { 'content-type': 'text/plain' } },
    "does not contain a 'content-type: application/json' header",
  ],
  [
    'a content encoding',
    OK,
    { headers: { 'content-encoding': 'gzip' } },
    "must not contain a 'content-encoding' header",
  ],
  ['no length', OK, { headers: { 'content-length': undefined } }, "does not contain a 'content-length' header"],
])('a 200 with %s is an invalid response', (_name, body, changes, fault) => {
  expect(respond(body, changes)).toEqual(invalid(fault, typeof body === 'string' ? body : JSON.stringify(body)));
});

test.each([
  [201, false],
  [204, false],
  [302, false],
  [400, false],
  [401, false],
  [403, false],
  [413, true],
  [429, false],
  [500, false],
  [503, false],
])('status %i is a failure, however the body is; permanent: %s', (status, permanent) => {
  expect(respond({ ...OK, errorMessage: 'no' }, { status })).toEqual({
    code: 'HttpEndpoint.DestinationException',
    message: `The following response was received from the endpoint destination. ${status}: {"requestId":"${ID}","timestamp":1578090903599,"errorMessage":"no"}`,
    permanent,
  });
});
