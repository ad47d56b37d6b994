import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './usage.ts';

export interface DeviceFiles {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly host: string;
  readonly port: number;
}

const MQTT_PORT = 8883;

/** Names under which the AWS console hands out the root CA, besides our own. */
const CA_FILES = ['root-ca.pem', 'AmazonRootCA1.pem'];

/**
 * What a device needs to connect: `root-ca.pem`, `certificate.pem.crt` and `private.pem.key` of a folder, and the
 * endpoint, which may stand in its `endpoint.txt`. Throws `UsageError`, which says what is missing.
 */
export function readDeviceFiles(dir: string, endpoint: string | undefined): DeviceFiles {
  const said = endpoint ?? find(dir, ['endpoint.txt'], '--endpoint, or').toString().trim();
  const [, host, port = String(MQTT_PORT)] =
    /^(?:mqtts?:\/\/|ssl:\/\/|https:\/\/)?([\w.-]+)(?::(\d+))?\/?$/.exec(said) ?? [];
  if (host === undefined) throw new UsageError(`The endpoint must be a host, with or without a port, not "${said}".`);
  return {
    ca: find(dir, CA_FILES),
    cert: find(dir, ['certificate.pem.crt']),
    key: find(dir, ['private.pem.key']),
    host,
    port: Number(port),
  };
}

function find(dir: string, names: readonly string[], instead = ''): Buffer {
  for (const name of names) {
    try {
      return readFileSync(join(dir, name));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') throw new UsageError(`${join(dir, name)} cannot be read: ${message}`);
    }
  }
  const missing = `${instead ? `${instead} ` : ''}${names.join(' or ')} in ${dir}`;
  throw new UsageError(`There is no ${missing}. naetmul iot device <name> --out ${dir} writes all files of a device.`);
}
