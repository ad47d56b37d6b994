import { expect, test } from 'vitest';
import { brokerBench } from '../../../engines/mqtt/testing.ts';

test('two subscribers get a message, each once, and the ledger says so', async () => {
  await using bench = await brokerBench();
  const device = await bench.device('pi');
  const [a, b, publisher] = await Promise.all(['a', 'b', 'p'].map((id) => bench.connected(device, id)));
  await a?.mqtt.subscribeAsync('pi/+', { qos: 1 });
  await b?.mqtt.subscribeAsync(['pi/1', 'pi/#'], { qos: 1 });
  await publisher?.mqtt.publishAsync('pi/1', 'hello', { qos: 1 });
  expect(await a?.arrived(1)).toEqual(['pi/1 hello']);
  expect(await b?.arrived(1)).toEqual(['pi/1 hello']);
  expect(bench.entries).toEqual([
    expect.objectContaining({
      where: 'iot/pi/1',
      what: 'noted',
      ids: [expect.stringMatching(/^message\/\//)],
      detail: { qos: 1, bytes: 5, from: 'p', deliveredTo: ['a', 'b'] },
    }),
  ]);
});
