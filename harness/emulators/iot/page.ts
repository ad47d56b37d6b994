import { errors } from './errors.ts';

/** One page of a list, and the token of the next: the place of its first entry. */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
  size: number,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const from = token ? Number(Buffer.from(token, 'base64').toString()) : 0;
  if (!Number.isSafeInteger(from) || from < 0) throw errors.invalid('Invalid nextToken or marker.');
  const to = from + size;
  return {
    items: all.slice(from, to),
    next: to < all.length ? Buffer.from(String(to)).toString('base64') : undefined,
  };
}
