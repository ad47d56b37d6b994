import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateKeysAndCertificateCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DescribeEndpointCommand,
  IoTClient,
  RegisterCertificateWithoutCACommand,
} from '@aws-sdk/client-iot';
import type { Status } from '../control/protocol.ts';
import { NaetmulError } from '../errors.ts';

/** The names that AWS gives to a device's files, and where it is to connect to. */
const FILES = {
  ca: 'root-ca.pem',
  certificate: 'certificate.pem.crt',
  key: 'private.pem.key',
  endpoint: 'endpoint.txt',
} as const;

const POLICY_NAME = 'naetmul-devices';
/** The port that MQTT clients use where an endpoint names none. */
const MQTT_PORT = 8883;
/** For the user alone. */
const SECRET_MODE = 0o600;

export interface DeviceOrder {
  readonly thingName: string;
  readonly folder: string;
  readonly region: string;
  /** The edge's base URL. */
  readonly edge: string;
  /** Where the broker is. */
  readonly mqtt: Status['mqtt'];
}

export interface RegisteredDevice {
  /** What was written, or was there. */
  readonly files: readonly string[];
  /** True when the folder had a certificate, which was registered again. */
  readonly renewed: boolean;
}

/** Registers a device as one would on AWS, with the same calls, and writes its files. */
export async function registerDevice(order: DeviceOrder): Promise<RegisteredDevice> {
  const { thingName, folder, region, edge, mqtt } = order;
  if (mqtt === null) {
    throw new NaetmulError('NO_BROKER', 'The bench has no MQTT broker at the moment.', {
      remedy: '`naetmul status` shows it; wait until it is ready.',
    });
  }
  const present = presentCertificate(folder);
  const ca = readCa(mqtt.ca);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const iot = new IoTClient({ endpoint: edge, region, credentials });
  try {
    await unlessThere(() => iot.send(new CreateThingCommand({ thingName })));
    const device = present ? await renewed(iot, present) : await created(iot);
    await attach(iot, thingName, device.arn);
    const { endpointAddress = '' } = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }));
    mkdirSync(folder, { recursive: true });
    if (device.made) {
      writeFileSync(join(folder, FILES.key), device.made.privateKey, { mode: SECRET_MODE, flag: 'wx' });
      writeFileSync(join(folder, FILES.certificate), device.made.pem, { flag: 'wx' });
    }
    writeFileSync(join(folder, FILES.ca), ca);
    // As on AWS a name alone means port 8883.
    const address = mqtt.port === MQTT_PORT ? endpointAddress : `${endpointAddress}:${mqtt.port}`;
    writeFileSync(join(folder, FILES.endpoint), `${address}\n`);
  } finally {
    iot.destroy();
  }
  return { files: Object.values(FILES).map((name) => join(folder, name)), renewed: present !== undefined };
}

/** The certificate of a folder that this command has written; undefined when there is nothing in it. */
function presentCertificate(folder: string): string | undefined {
  const names = namesIn(folder);
  if (names.length === 0) return undefined;
  const ours: readonly string[] = Object.values(FILES);
  const others = names.filter((name) => !ours.includes(name));
  if (others.length > 0) {
    throw new NaetmulError('FOLDER_IN_USE', `The folder ${folder} has other files: ${others.slice(0, 5).join(', ')}.`, {
      remedy: 'Name a folder that does not exist yet, or an empty one, with --out.',
    });
  }
  try {
    const pem = readFileSync(join(folder, FILES.certificate), 'utf8');
    const key = createPrivateKey(readFileSync(join(folder, FILES.key)));
    if (new X509Certificate(pem).checkPrivateKey(key)) return pem;
    throw new Error('The private key belongs to another certificate.');
  } catch (cause) {
    throw new NaetmulError(
      'DEVICE_FILES',
      `The files in ${folder} are not those of one device: ${(cause as Error).message}`,
      { remedy: 'Remove the folder and run the command again; the device gets a new certificate.', cause },
    );
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new NaetmulError('FOLDER_UNUSABLE', `${folder} cannot be used as a folder (${code}).`, {
      remedy: 'Name a folder of your own with --out.',
      cause,
    });
  }
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new NaetmulError('CA_UNREADABLE', `The bench's certificate authority cannot be read from ${file}.`, {
      remedy: 'Run the command on the machine that the bench runs on, as the same user.',
      cause,
    });
  }
}

interface Device {
  readonly arn: string;
  /** PEM: what is still to be written. */
  readonly made?: { readonly pem: string; readonly privateKey: string };
}

async function created(iot: IoTClient): Promise<Device> {
  const { certificateArn, certificatePem, keyPair } = await iot.send(
    new CreateKeysAndCertificateCommand({ setAsActive: true }),
  );
  return {
    arn: certificateArn ?? '',
    made: { pem: certificatePem ?? '', privateKey: keyPair?.PrivateKey ?? '' },
  };
}

/** A certificate that is registered still stays as it is. */
async function renewed(iot: IoTClient, certificatePem: string): Promise<Device> {
  try {
    const { certificateArn = '' } = await iot.send(
      new RegisterCertificateWithoutCACommand({ certificatePem, status: 'ACTIVE' }),
    );
    return { arn: certificateArn };
  } catch (error) {
    const { name, resourceArn = '' } = error as { name: string; resourceArn?: string };
    if (name === 'ResourceAlreadyExistsException') return { arn: resourceArn };
    throw error;
  }
}

async function attach(iot: IoTClient, thingName: string, principal: string): Promise<void> {
  // The certificate's ARN tells region and account: arn:aws:iot:<region>:<account>:cert/<id>.
  const scope = principal.split(':').slice(0, 5).join(':');
  await unlessThere(() =>
    iot.send(new CreatePolicyCommand({ policyName: POLICY_NAME, policyDocument: policyDocument(scope) })),
  );
  await iot.send(new AttachPolicyCommand({ policyName: POLICY_NAME, target: principal }));
  await iot.send(new AttachThingPrincipalCommand({ thingName, principal }));
}

function policyDocument(scope: string): string {
  const allow = (Action: string | readonly string[], resource: string) => ({
    Effect: 'Allow',
    Action,
    Resource: `${scope}:${resource}`,
  });
  const statements = [
    allow('iot:Connect', 'client/*'),
    allow(['iot:Publish', 'iot:RetainPublish', 'iot:Receive'], 'topic/pi/*'),
    allow('iot:Subscribe', 'topicfilter/pi/*'),
  ];
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
}

/** That it is there already is as good. */
async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if ((error as Error).name !== 'ResourceAlreadyExistsException') throw error;
  }
}
