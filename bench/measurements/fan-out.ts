import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  AttachPolicyCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyCommand,
  IoTClient,
} from '@aws-sdk/client-iot';
import { REGION } from '../load/requests.ts';
import type { Measurement } from '../measurement.ts';
import { cpuMs } from '../parts.ts';
import { median } from '../statistics.ts';

const SUBSCRIBERS = 100;
const BYTES = 200;

export const fanOut: Measurement = {
  name: 'fan-out',
  title: `QoS 1 messages of ${BYTES} bytes delivered a second to ${SUBSCRIBERS} subscribers over TLS, with certificates and policies checked`,
  rival: 'plain Aedes with none of our checks',
  unit: '/s',
  target: { of: 'ratio', atLeast: 0.8 },
  async measure({ rounds, amount, parts, progress }) {
    const bench = await parts.naetmul();
    const { mqtt } = await bench.control.status();
    if (mqtt === null) throw new Error('The broker is away.');
    const ca = readFileSync(mqtt.ca, 'utf8');
    const { cert, key } = await makeDevice(bench.edge);
    const plain = fork(fileURLToPath(new URL('../plain-aedes.ts', import.meta.url)), { detached: true });
    parts.ownProcess(plain, 'plain Aedes');
    const [{ port: plainPort }] = (await once(plain, 'message')) as [{ port: number }];
    const client = parts.loadClient();
    const messages = amount(2000, 100);

    const side = async (port: number, pid: number) => {
      const before = cpuMs(pid);
      const { deliveries, ms } = await client.run({
        kind: 'fan-out',
        ...{ port, ca, cert, key, subscribers: SUBSCRIBERS, messages, bytes: BYTES },
      });
      return { rate: (deliveries * 1000) / ms, cpuUs: ((cpuMs(pid) - before) * 1000) / deliveries };
    };
    const ours = [];
    const rival = [];
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: naetmul, then plain Aedes`);
      const mine = await side(mqtt.port, bench.pid);
      const theirs = await side(plainPort, plain.pid as number);
      if (round === 0) continue;
      ours.push(mine);
      rival.push(theirs);
    }
    const cpu = (sides: readonly { cpuUs: number }[]) => `${median(sides.map(({ cpuUs }) => cpuUs)).toFixed(1)} µs`;
    return {
      ours: ours.map(({ rate }) => rate),
      rival: rival.map(({ rate }) => rate),
      notes: [
        `CPU time of the broker’s process for each delivery, connecting included: ${cpu(ours)}, plain Aedes ${cpu(rival)}`,
      ],
    };
  },
};

async function makeDevice(edge: string): Promise<{ cert: string; key: string }> {
  const iot = new IoTClient({
    endpoint: edge,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { certificateArn, certificatePem, keyPair } = await iot.send(
    new CreateKeysAndCertificateCommand({ setAsActive: true }),
  );
  const arn = (resource: string) => `arn:aws:iot:${REGION}:000000000000:${resource}`;
  const policyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:Connect', Resource: arn('client/pi-*') },
      { Effect: 'Allow', Action: ['iot:Publish', 'iot:Receive'], Resource: arn('topic/pi/*') },
      { Effect: 'Allow', Action: 'iot:Subscribe', Resource: arn('topicfilter/pi/*') },
    ],
  });
  await iot.send(new CreatePolicyCommand({ policyName: 'bench', policyDocument }));
  await iot.send(new AttachPolicyCommand({ policyName: 'bench', target: certificateArn }));
  iot.destroy();
  return { cert: certificatePem ?? '', key: keyPair?.PrivateKey ?? '' };
}
