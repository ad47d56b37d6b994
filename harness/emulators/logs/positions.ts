import type { Position } from './event-store.ts';

/**
 * AWS's event ids are 56 decimal digits that begin with the event's time: it stands in the bits from 144 upwards
 * (seen in answers of the real service). Tokens of GetLogEvents hold such a number too.
 */
const TIME_SHIFT = 144n;
const DIGITS = 56;
const LOW_BITS = (1n << TIME_SHIFT) - 1n;

export function formatPosition({ t, id }: Position): string {
  return ((BigInt(t) << TIME_SHIFT) | BigInt(id)).toString().padStart(DIGITS, '0');
}

/** Undefined if `text` is not 56 digits. */
export function parsePosition(text: string): Position | undefined {
  if (!/^\d{56}$/.test(text)) return undefined;
  const value = BigInt(text);
  return { t: Number(value >> TIME_SHIFT), id: Number(value & LOW_BITS) };
}

export type Direction = 'forward' | 'backward';

/** `f/<56 digits>/s` or `b/<56 digits>/s`: go on after, or before, the event at this position. */
export function formatToken(direction: Direction, position: Position): string {
  return `${direction === 'forward' ? 'f' : 'b'}/${formatPosition(position)}/s`;
}

export function parseToken(token: string): { readonly direction: Direction; readonly position: Position } | undefined {
  const [, letter, digits = ''] = /^([fb])\/(\d+)\/s$/.exec(token) ?? [];
  const position = parsePosition(digits);
  if (letter === undefined || !position) return undefined;
  return { direction: letter === 'f' ? 'forward' : 'backward', position };
}

/** A token that only we need to understand: JSON in base64url. */
export function seal(content: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** The content of a sealed token with as many members, or undefined if it is none. */
export function unseal(token: string, members: number): unknown[] | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(content) && content.length === members ? content : undefined;
  } catch {
    return undefined;
  }
}
