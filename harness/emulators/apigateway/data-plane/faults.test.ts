import { expect, test } from 'vitest';
import { ConnectionReset } from '../../../edge/interceptor.ts';
import { FaultPlan } from '../../../faults/index.ts';
import { deploy, json, KINESIS, testGateway } from '../testing.ts';
import { strikeAnswer } from './faults.ts';

test('an answer that is lost is that of a request which was carried out, and of no other', async () => {
  const faults = new FaultPlan();
  let puts = 0;
  const gateway = testGateway(
    () => {
      puts++;
      return json(200, { SequenceNumber: '1', ShardId: 'shardId-000000000000' });
    },
    { faults },
  );
  const { url } = await deploy(gateway, { integration: KINESIS });
  await gateway.invoke(url, { body: '{}' });
  const place = gateway.entries.find(({ what }) => what === 'received')?.where ?? '';
  faults.add({ at: place, kind: 'lose-answer', nth: 2 });
  expect((await gateway.invoke(url, { body: '{}' })).status).toBe(200);
  await expect(gateway.invoke(url, { body: '{}' })).rejects.toBeInstanceOf(ConnectionReset);
  expect((await gateway.invoke(url, { body: '{}' })).status).toBe(200);
  expect(puts).toBe(4);
  gateway.clock.close();
});

test('an answer that is withheld ends when its sender gives up, and time goes by until then', async () => {
  const sender = new AbortController();
  let suspended = false;
  const lock = {
    async suspend(work: () => Promise<unknown>) {
      suspended = true;
      await work();
      suspended = false;
    },
  };
  let ended = false;
  const striking = strikeAnswer('withhold-answer', { signal: sender.signal, lock } as never).catch((error) => {
    ended = true;
    return error;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect({ suspended, ended }).toEqual({ suspended: true, ended: false });
  sender.abort();
  expect(await striking).toBeInstanceOf(ConnectionReset);
  expect(suspended).toBe(false);
});

test('nothing happens to an answer that no fault has struck', async () => {
  await expect(strikeAnswer(undefined, { signal: new AbortController().signal } as never)).resolves.toBeUndefined();
});
