import { AwsError } from '../../edge/aws-error.ts';
import { errors } from './errors.ts';
import { ITERATOR_LIFE_MS } from './limits.ts';

/** Where a list goes on. */
export interface PageToken {
  /** The last name or id of the page before. */
  readonly after: string;
  /** For lists that are asked for by the token alone: what else the request said. */
  readonly stream?: string;
  readonly filter?: unknown;
  readonly createdAt?: number;
}

/** @param now ms since the epoch, from when it lives five minutes (API reference, ListShards) */
export function writeToken(token: PageToken, now: number): string {
  return Buffer.from(JSON.stringify({ ...token, madeAt: now })).toString('base64');
}

export function readToken(text: string, now: number): PageToken {
  const token = parse(text);
  if (now - token.madeAt > ITERATOR_LIFE_MS) {
    throw new AwsError('ExpiredNextTokenException', 'The pagination token passed to the operation is expired.');
  }
  return token;
}

function parse(text: string): PageToken & { readonly madeAt: number } {
  try {
    const token = JSON.parse(Buffer.from(text, 'base64').toString()) as (PageToken & { madeAt: number }) | null;
    if (typeof token?.after === 'string' && typeof token.madeAt === 'number') return token;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw errors.invalid('NextToken is invalid.');
}
