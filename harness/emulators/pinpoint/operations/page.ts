import { errors } from '../errors.ts';
import { DEFAULT_PAGE_SIZE } from '../limits.ts';

/**
 * One page of a listing.
 *
 * @param size how many, as text; see the API
 * @param token where the page before ended
 */
export function page<T>(all: readonly T[], size: string | undefined, token: string | undefined) {
  const count = size === undefined ? DEFAULT_PAGE_SIZE : Number(size);
  if (!Number.isInteger(count) || count < 1) throw errors.bad(`Invalid page-size ${size}`);
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0) throw errors.bad(`Invalid token ${token}`);
  const to = from + count;
  return { Item: all.slice(from, to), ...(to < all.length ? { NextToken: String(to) } : {}) };
}
