import { readFileSync } from 'node:fs';
import type { IoTClient } from '@aws-sdk/client-iot';
import type { ControlClient } from '../control/client.ts';
import { type ConnectOptions, connectDevice, type Device, type DeviceCertificate, makeCertificate } from './device.ts';
import { type Answer, createSender } from './http.ts';
import { outputReader } from './outputs.ts';

/** The gas detector's pipeline, as detectors, subscribers and whoever looks at its data meet it. */
export interface GasDetector {
  /** Where detectors post. */
  readonly url: string;
  readonly topic: string;
  readonly functionName: string;
  readonly waitingQueueUrl: string;
  /** The web page. */
  readonly siteUrl: string;
  /** Posts a reading; a text goes as it is. */
  post(reading: unknown): Promise<Answer>;
  /** A certificate with the policy that the template makes for devices, or with others. */
  certificate(policies?: readonly string[]): Promise<DeviceCertificate>;
  /** Connects a device; it is disconnected with the story. */
  connect(options: ConnectOptions): Promise<Device>;
  /** Every document in the index, as it was stored. */
  // biome-ignore lint/suspicious/noExplicitAny: a story looks into whatever came back.
  documents(): Promise<readonly any[]>;
  /** A search of the index, straight in OpenSearch. */
  // biome-ignore lint/suspicious/noExplicitAny: a story looks into whatever came back.
  search(body: unknown): Promise<any>;
}

/** More than a story posts. */
const ALL = 10_000;

export async function createGasDetector(
  bench: ControlClient,
  iot: IoTClient,
): Promise<GasDetector & { close(): Promise<void> }> {
  const output = outputReader(await bench.outputs(), 'gas-detector');
  const sender = createSender();
  const devices: Device[] = [];
  const url = output('Url');
  const search: GasDetector['search'] = async (body) => {
    const { opensearch } = await bench.status();
    const index = `${opensearch}/${output('IndexName')}`;
    await sender.send('POST', `${index}/_refresh`);
    const answer = await sender.send('POST', `${index}/_search`, { body: JSON.stringify(body) });
    if (answer.status !== 200) throw new Error(`OpenSearch answered with ${answer.status}: ${answer.text}`);
    return answer.json;
  };
  return {
    url,
    topic: output('Topic'),
    functionName: output('FunctionName'),
    waitingQueueUrl: output('WaitingQueueUrl'),
    get siteUrl() {
      return output('SiteUrl');
    },
    post: (reading) =>
      sender.send('POST', url, { body: typeof reading === 'string' ? reading : JSON.stringify(reading) }),
    certificate: (policies = [output('DevicePolicyName')]) => makeCertificate(iot, policies),
    async connect(options) {
      const { mqtt } = await bench.status();
      if (mqtt === null) throw new Error('The broker is away.');
      const endpoint = { host: mqtt.host, port: mqtt.port, ca: readFileSync(mqtt.ca, 'utf8') };
      const device = await connectDevice(endpoint, options);
      devices.push(device);
      return device;
    },
    async documents() {
      const { hits } = await search({ size: ALL, query: { match_all: {} } });
      // biome-ignore lint/suspicious/noExplicitAny: as OpenSearch has them.
      return hits.hits.map(({ _source }: any) => _source);
    },
    search,
    async close() {
      await Promise.all(devices.map((device) => device.close()));
      sender.close();
    },
  };
}
