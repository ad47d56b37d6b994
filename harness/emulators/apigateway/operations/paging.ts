import { badRequest } from '../errors.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../limits.ts';

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly position?: string | undefined;
}

/** One page of a list. A position is the id of the last item of the page before. */
export function page<T>(
  items: readonly T[],
  request: PageRequest,
  idOf: (item: T) => string,
): { items: T[]; position: string | undefined } {
  const { limit: wanted = 0 } = request;
  const limit = Math.min(wanted > 0 ? wanted : DEFAULT_PAGE, MAX_PAGE);
  let start = 0;
  if (request.position) {
    const last = Buffer.from(request.position, 'base64url').toString();
    start = items.findIndex((item) => idOf(item) === last) + 1;
    if (start === 0) throw badRequest('Invalid position parameter');
  }
  const shown = items.slice(start, start + limit);
  const last = shown.at(-1);
  const more = start + limit < items.length && last !== undefined;
  return { items: shown, position: more ? Buffer.from(idOf(last)).toString('base64url') : undefined };
}
