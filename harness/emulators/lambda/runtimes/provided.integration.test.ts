import { dirname } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { REQUEST_ID, start, stopAll } from './testing.ts';

afterEach(stopAll);

test('a bootstrap of any language serves events over the Runtime API', async () => {
  const bootstrap = `#!${process.execPath}
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
while (true) {
  const next = await fetch(base + 'next');
  const id = next.headers.get('lambda-runtime-aws-request-id');
  const body = JSON.stringify([await next.json(), process.env._HANDLER, process.env.LAMBDA_TASK_ROOT]);
  console.log('done');
  await fetch(base + id + '/response', { method: 'POST', body });
}`;
  const files = { bootstrap, 'package.json': '{"type":"module"}' };
  const provided = await start({ runtime: 'provided.al2023', handler: 'any.thing', files });
  for (const n of [1, 2]) {
    const told = await provided.invoke({ n });
    expect(told.path).toBe(`invocation/${REQUEST_ID}/response`);
    expect(JSON.parse(told.body)).toEqual([{ n }, 'any.thing', provided.taskRoot]);
  }
  await provided.stop();
  expect(await provided.stdout).toBe('done\ndone\n');
  expect(dirname(provided.taskRoot)).toBe(dirname(provided.tmpDir));
});

test('a bootstrap that ends takes its exit code with it', async () => {
  const provided = await start({ runtime: 'provided.al2', files: { bootstrap: '#!/bin/sh\nexit 7\n' } });
  expect(await provided.ended).toEqual({ code: 7, signal: null });
});
