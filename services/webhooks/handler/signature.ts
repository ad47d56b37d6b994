import { createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';

/** How far the sender's clock and ours may be apart, and how long a message may be under way, in seconds. */
export const TOLERANCE_SECONDS = 300;

/** What a request says of itself: the headers `X-Signature-Timestamp` and `X-Signature`, and its body byte by byte. */
export interface Signed {
  /** Seconds since 1970. */
  readonly timestamp: string | undefined;
  /** `sha256=` and 64 hexadecimal digits. */
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/** HMAC-SHA256 over the time stamp, a full stop and the body: a time stamp of its own would be anybody's to change. */
export function sign(timestamp: string, body: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest();
}

/**
 * The signature, in small hexadecimal digits.
 *
 * @param secrets those that are active: while one is replaced, the old and the new
 * @param now in ms since 1970
 * @throws Refusal: 401 that says what is missing, wrong or too old
 */
export function checkSignature({ timestamp, signature, body }: Signed, secrets: readonly string[], now: number) {
  if (!timestamp) throw new Refusal(401, 'The header X-Signature-Timestamp is missing.');
  if (!signature) throw new Refusal(401, 'The header X-Signature is missing.');
  if (!/^\d{1,15}$/.test(timestamp)) {
    throw new Refusal(401, 'X-Signature-Timestamp must be a whole number of seconds since 1970.');
  }
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(signature) ?? [];
  if (hex === undefined) throw new Refusal(401, 'X-Signature must be sha256= and 64 hexadecimal digits.');
  const given = Buffer.from(hex, 'hex');
  // Each is looked at, whichever is right: the time it takes says nothing.
  const matches = secrets.map((secret) => timingSafeEqual(sign(timestamp, body, secret), given));
  if (!matches.includes(true)) throw new Refusal(401, 'The signature is wrong.');
  // Told only to those who have the secret.
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    throw new Refusal(401, `X-Signature-Timestamp is more than ${TOLERANCE_SECONDS} seconds from now.`);
  }
  return hex.toLowerCase();
}

/** Of a secret, as the template says too. */
const LEAST_CHARACTERS = 16;

/** The secrets of a list with commas between. */
export function readSecrets(list: string): readonly string[] {
  const secrets = list.split(',').map((secret) => secret.trim());
  // With an empty secret anybody could sign, with a short one whoever tries some time.
  if (secrets.some((secret) => secret.length < LEAST_CHARACTERS)) {
    throw new Error(`SIGNING_SECRETS: each secret must have at least ${LEAST_CHARACTERS} characters.`);
  }
  return secrets;
}
