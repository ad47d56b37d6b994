import { randomBytes } from 'node:crypto';
import type { Live } from '../shared/api.ts';
import type { Config } from './config.ts';
import { findCredentials } from './credentials.ts';
import { Refusal } from './refusal.ts';
import { presign } from './sigv4.ts';

/** A connection must begin within this time; it may then last as long as AWS lets it, 24 hours. In seconds. */
const GOOD_FOR = 300;

/**
 * Where one page hears the detectors' messages. The address is signed with this server's credentials, so these must allow
 * no more than hearing: README.md has the policy. Errors: `Refusal` 503 when no broker is configured.
 */
export async function liveAddress(
  { mqttUrl, topic, region, credentials }: Config,
  now: Date,
  find: typeof findCredentials = findCredentials,
): Promise<Live> {
  if (mqttUrl === undefined) {
    throw new Refusal(503, 'live-unset', 'This server knows no broker: MQTT_URL is not set.');
  }
  const clientId = `gas-web-${randomBytes(6).toString('hex')}`;
  const signedBy = credentials ?? (needsSignature(mqttUrl) ? await find(region) : undefined);
  if (signedBy === undefined) return { url: mqttUrl, topic, clientId };
  const url = presign(mqttUrl, {
    region,
    service: 'iotdevicegateway',
    credentials: signedBy,
    at: now,
    expires: GOOD_FOR,
  });
  return { url, topic, clientId };
}

function needsSignature(mqttUrl: string): boolean {
  return /\.iot\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/.test(new URL(mqttUrl).hostname);
}
