import { errors } from '../errors.ts';
import { MAX_PAGE } from '../limits.ts';
import { Violations } from './violations.ts';

/**
 * One page of a list, and the marker of the next.
 *
 * @param largest how many a page has at most, which is also how many it has when not told
 */
export function page<T>(
  all: readonly T[],
  {
    Marker: marker,
    MaxItems: maxItems,
  }: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
  largest: number,
): { readonly items: readonly T[]; readonly next: { readonly NextMarker?: string } } {
  const violations = new Violations();
  violations.range('maxItems', maxItems, 1, MAX_PAGE);
  violations.raise();
  const from = marker ? Number(Buffer.from(marker, 'base64').toString()) : 0;
  if (!Number.isSafeInteger(from) || from < 0) throw errors.invalid('The provided marker is invalid.');
  const to = from + Math.min(maxItems ?? largest, largest);
  const next = to < all.length ? { NextMarker: Buffer.from(String(to)).toString('base64') } : {};
  return { items: all.slice(from, to), next };
}
