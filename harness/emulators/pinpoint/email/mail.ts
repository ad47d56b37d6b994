import type { Random } from '../../../clock/index.ts';
import type { MailContent } from './content.ts';

/** One mail to one address. */
export interface Mail {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly content: MailContent;
  readonly contentType: string;
}

/** Base 32 as in `0100018f3b2c7d9e-4p2k…`. */
const DIGITS = '0123456789abcdefghijklmnopqrstuv';

export function makeMail(from: string, to: string, content: MailContent, random: Random): Mail {
  return { messageId: messageId(random), from, to, content, contentType: contentType(content, random) };
}

/** `02010000gbjqulvk-cs5jm2tp-2sp5-e2k5-25j4-ooebtil3tjg0-000000`: the form that Pinpoint's message ids have. */
function messageId(random: Random): string {
  const digits = Array.from(random.bytes(40), (byte) => DIGITS[byte % DIGITS.length]).join('');
  const part = (from: number, length: number) => digits.slice(from, from + length);
  const parts = [`02010000${part(0, 8)}`, part(8, 8), part(16, 4), part(20, 4), part(24, 4), part(28, 12), '000000'];
  return parts.join('-');
}

function contentType({ html, text }: MailContent, random: Random): string {
  if (html !== undefined && text !== undefined) {
    const part = () => 100_000 + random.integer(900_000);
    return `multipart/alternative;  boundary="----=_Part_${part()}_${part()}"`;
  }
  return html === undefined ? 'text/plain; charset=UTF-8' : 'text/html; charset=UTF-8';
}
