/** `node devices/sub.ts` is a Raspberry Pi that listens: it prints every message of a topic, until Ctrl-C. */
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { connect, type MqttClient } from 'mqtt';
import { type DeviceFiles, readDeviceFiles } from './device-files.ts';
import { UsageError } from './usage.ts';

const USAGE = `Usage: node devices/sub.ts [options]

  --cert-dir <dir>     a folder with root-ca.pem, certificate.pem.crt, private.pem.key (default .)
  --endpoint <host>    of AWS IoT, as DescribeEndpoint names it (default: what its endpoint.txt says)
  --topic <filter>     what to listen to (default pi/1)
  --client-id <id>     by which AWS IoT knows this device (default pi-${hostname()})
  --keep               also get what comes while this is not running, for an hour (a persistent session)`;

interface Arguments {
  readonly files: DeviceFiles;
  readonly topic: string;
  readonly clientId: string;
  readonly keep: boolean;
}

function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'cert-dir': { type: 'string', default: '.' },
      endpoint: { type: 'string' },
      topic: { type: 'string', default: 'pi/1' },
      'client-id': { type: 'string', default: `pi-${hostname()}` },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  if (values.help) throw new UsageError('');
  const { topic, keep } = values;
  return { files: readDeviceFiles(values['cert-dir'], values.endpoint), topic, clientId: values['client-id'], keep };
}

function listen({ files, topic, clientId, keep }: Arguments): void {
  const { host, port, ca, cert, key } = files;
  const where = `${host}:${port}`;
  const client = connect({
    protocol: 'mqtts',
    host,
    port,
    ca,
    cert,
    key,
    clientId,
    clean: !keep,
    protocolVersion: 4,
    reconnectPeriod: 2_000,
    // At each connection, below: AWS IoT forgets the subscriptions of a clean session.
    resubscribe: false,
  });
  let connected = false;
  let wasConnected = false;
  client.on('connect', () => {
    connected = true;
    wasConnected = true;
    console.error(`connected to ${where} as ${clientId}`);
    subscribe(client, topic);
  });
  client.on('message', (from, payload) => {
    const text = payload.toString();
    console.log(`${new Date().toISOString()} ${from} ${text.includes('"warning"') ? '⚠ ' : ''}${text}`);
  });
  client.on('error', (error) => {
    if (!wasConnected) end(client, `Cannot connect to ${where}: ${explain(error)}`);
    else console.error(`${where}: ${explain(error)}`);
  });
  client.on('close', () => {
    if (!wasConnected) {
      const reason = 'its certificate is not registered or not active, or no policy allows iot:Connect to';
      end(client, `${where} closed the connection without accepting it: ${reason} the client id ${clientId}.`);
    } else if (connected && !client.disconnecting) {
      console.error(`the connection to ${where} is lost; trying again every 2 s`);
    }
    connected = false;
  });
  process.once('SIGINT', () => client.end(false, {}, () => process.exit(0)));
}

function subscribe(client: MqttClient, topic: string): void {
  client.subscribe(topic, { qos: 1 }, (error, granted = []) => {
    const refused = granted.length > 0 && granted.every(({ qos }) => qos >= 128);
    if (error || refused) {
      end(client, `Cannot subscribe to ${topic}: ${error?.message ?? 'refused'}. Does a policy allow iot:Subscribe?`);
    } else {
      console.error(`listening to ${topic}`);
    }
  });
}

let ended = false;

function end(client: MqttClient, message: string): void {
  if (ended) return;
  ended = true;
  console.error(message);
  client.end(true, {}, () => process.exit(1));
}

function explain(error: Error & { code?: number | string }): string {
  if (error.code === 'ECONNREFUSED') return 'nothing listens there.';
  if (error.code === 'ENOTFOUND') return 'there is no such host.';
  if (/self.signed|unable to verify|unable to get/i.test(error.message)) {
    return `${error.message}: root-ca.pem is not the authority of this server.`;
  }
  return error.message || String(error.code);
}

try {
  listen(readArguments(process.argv.slice(2)));
} catch (error) {
  const { message } = error as Error;
  if (message !== '') console.error(message);
  console.error(USAGE);
  process.exitCode = message === '' ? 0 : 2;
}
