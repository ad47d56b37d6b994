import { readFileSync } from 'node:fs';
import { CreatePolicyCommand } from '@aws-sdk/client-iot';
import { describe, expect, scenario, strangersCertificate } from '../harness/kit/index.ts';

const WORKSHOP = JSON.parse(readFileSync(new URL('../fixtures/gas-detector/workshop.json', import.meta.url), 'utf8'));
const SUCCESS = '{"msg":"success"}';

describe('who may listen', () => {
  scenario(
    'a device without a certificate, with a stranger’s or with a policy that forbids the topic hears nothing',
    async ({ aws, clock, eventually, gasDetector, tell }) => {
      await clock.set('2021-09-03T18:14:49+09:00');

      await tell.step('No certificate');
      await expect(gasDetector.connect({ clientId: 'pi-none' })).rejects.toThrow();

      await tell.step('A certificate that AWS IoT does not know, made by another authority');
      await expect(
        gasDetector.connect({ clientId: 'pi-stranger', certificate: await strangersCertificate() }),
      ).rejects.toThrow();

      await tell.step('A client id that the template’s policy does not allow');
      const certificate = await gasDetector.certificate();
      await expect(gasDetector.connect({ clientId: 'other-1', certificate })).rejects.toThrow();

      await tell.step('A policy that allows another topic only: subscribing ends the connection');
      const arn = (resource: string) => `arn:aws:iot:ap-northeast-2:000000000000:${resource}`;
      await aws.iot.send(
        new CreatePolicyCommand({
          policyName: 'elsewhere',
          policyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/*') },
              {
                Effect: 'Allow',
                Action: ['iot:Subscribe', 'iot:Receive'],
                Resource: [arn('topicfilter/pi/2'), arn('topic/pi/2')],
              },
            ],
          }),
        }),
      );
      const elsewhere = await gasDetector.connect({
        clientId: 'pi-elsewhere',
        certificate: await gasDetector.certificate(['elsewhere']),
      });
      await expect(elsewhere.subscribe(gasDetector.topic)).rejects.toThrow();

      await tell.step('One that may: it hears of the reading, and the others did not disturb it');
      const good = await gasDetector.connect({ clientId: 'pi-1', certificate });
      await good.subscribe(gasDetector.topic);
      expect((await gasDetector.post(WORKSHOP)).status).toBe(200);
      await eventually(() => expect(good.received).toEqual([SUCCESS]));
      expect(elsewhere.received).toEqual([]);
    },
  );
});

describe('what is away', () => {
  scenario(
    'readings that come while OpenSearch is away are kept, and stored once when it is back',
    async ({ testbench, clock, eventually, gasDetector, needsToEnd, tell }) => {
      await needsToEnd('opensearch');
      await clock.set('2021-09-03T18:14:49+09:00');
      const certificate = await gasDetector.certificate();
      const device = await gasDetector.connect({ clientId: 'pi-1', certificate });
      await device.subscribe(gasDetector.topic);
      expect((await gasDetector.post({ ...WORKSHOP, groupid: 'before' })).status).toBe(200);

      await tell.step('OpenSearch is stopped; the caller and the subscribers are told, warnings still come');
      await testbench.orderEngine('stop', 'opensearch');
      const high = { ...WORKSHOP, groupid: 'meanwhile', no2: { ...WORKSHOP.no2, value: '90' } };
      const answer = await gasDetector.post(high);
      expect(answer.status).toBe(503);
      expect(answer.json.msg).toMatch(/^failure: unavailable: /);
      await eventually(() =>
        expect(device.received.toSorted()).toEqual([SUCCESS, answer.text, '{"warning":"no2 warning"}'].toSorted()),
      );

      await tell.step('The detector sends it again, as it was told to');
      expect((await gasDetector.post(high)).status).toBe(503);

      await tell.step('OpenSearch is back; after the queue’s visibility timeout the reading is stored, once');
      await testbench.orderEngine('start', 'opensearch');
      await clock.advance('10m');
      await eventually(async () => {
        const documents = await gasDetector.documents();
        expect(documents.map(({ groupid }) => groupid).toSorted()).toEqual(['before', 'meanwhile']);
      });
    },
  );

  scenario(
    'a broker that was started again is found at its old address, and tells those who come back',
    async ({ testbench, clock, eventually, gasDetector, tell }) => {
      await clock.set('2021-09-03T18:14:49+09:00');
      const certificate = await gasDetector.certificate();
      const before = await gasDetector.connect({ clientId: 'pi-1', certificate });
      await before.subscribe(gasDetector.topic);

      await tell.step('The broker is stopped: its clients are cut off, and a reading is stored all the same');
      const { mqtt } = await testbench.status();
      await testbench.orderEngine('stop', 'mqtt');
      await eventually(() => expect(before.connected).toBe(false));
      await gasDetector.post({ ...WORKSHOP, groupid: 'unheard' });
      await eventually(async () => expect(await gasDetector.documents()).toHaveLength(1));

      await tell.step('It is started again, and the device comes back with the same certificate');
      await testbench.orderEngine('start', 'mqtt');
      expect((await testbench.status()).mqtt).toEqual(mqtt);
      const after = await gasDetector.connect({ clientId: 'pi-1', certificate });
      await after.subscribe(gasDetector.topic);
      expect((await gasDetector.post({ ...WORKSHOP, groupid: 'heard' })).status).toBe(200);
      await eventually(() => expect(after.received).toEqual([SUCCESS]));
    },
  );
});

scenario('one slow subscriber among a hundred holds up nobody', async ({ clock, eventually, gasDetector, tell }) => {
  await clock.set('2021-09-03T18:14:49+09:00');
  const certificate = await gasDetector.certificate();
  await tell.step('A hundred subscribers; one of them stops reading');
  const devices = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const device = await gasDetector.connect({ clientId: `pi-${n}`, certificate });
      await device.subscribe(gasDetector.topic);
      return device;
    }),
  );
  const [slow, ...others] = devices;
  slow?.pause();

  await tell.step('Fifty readings reach the other ninety-nine');
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => gasDetector.post({ ...WORKSHOP, groupid: `${n}` })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  await eventually(() => expect(others.map(({ received }) => received.length)).toEqual(others.map(() => 50)));
  expect(slow?.received).toEqual([]);

  await tell.step('The slow one reads again, and has them, too');
  slow?.resume();
  await eventually(() => expect(slow?.received).toHaveLength(50));
});
