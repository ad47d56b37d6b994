import { afterEach, expect, test, vi } from 'vitest';
import { createControlClient } from './client.ts';

const EDGE = 'http://localhost:4566';

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: string) {
  vi.stubGlobal('fetch', async () => new Response(body, { status }));
  return createControlClient(EDGE).status();
}

test('what the bench says of a failure is told with its code and its remedy', async () => {
  const error = { code: 'CLOCK_BUSY', message: 'The clock is moving.', remedy: 'Wait.' };
  await expect(answering(400, JSON.stringify({ error }))).rejects.toMatchObject(error);
  await expect(
    answering(500, JSON.stringify({ error: { code: error.code, message: error.message } })),
  ).rejects.toMatchObject({ code: error.code, message: error.message, remedy: undefined });
});

test.each([
  [404, '{"error":{}}'],
  [404, '{"error":"Not Found"}'],
  [404, '{"error":{"code":404,"message":"Not Found"}}'],
  [400, '{"error":{"code":"BAD"}}'],
  [500, '{"error":null}'],
  [500, 'null'],
  [502, '<html></html>'],
  [200, '<html></html>'],
  [200, 'null'],
  [200, '"It works!"'],
])('a server that answers %i and %s is not the bench', async (status, body) => {
  await expect(answering(status, body)).rejects.toMatchObject({
    code: 'NOT_NAETMUL',
    message: `Something answers at ${EDGE}, but it is not naetmul (HTTP ${status}).`,
  });
});
