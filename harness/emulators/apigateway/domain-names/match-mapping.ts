import { MAX_BASE_PATH } from './limits.ts';
import type { BasePathMapping } from './model.ts';

export interface MatchedMapping {
  readonly mapping: BasePathMapping;
  readonly stage: string;
  /** Below the stage; begins with `/`; still encoded. */
  readonly path: string;
}

/**
 * The mapping that a path belongs to: the one with the longest base path that the path begins with, part by part; the
 * one without a base path takes the rest (developer guide, "API mappings for REST APIs").
 *
 * @param path begins with `/`; still encoded
 */
export function matchMapping(mappings: ReadonlyMap<string, BasePathMapping>, path: string): MatchedMapping | undefined {
  const parts = path.slice(1).split('/');
  let mapping = mappings.get('');
  let length = 0;
  let basePath = '';
  // A base path cannot have more parts than characters.
  for (const [index, part] of parts.slice(0, MAX_BASE_PATH).entries()) {
    basePath = index === 0 ? decode(part) : `${basePath}/${decode(part)}`;
    const longer = basePath === '' ? undefined : mappings.get(basePath);
    if (!longer) continue;
    mapping = longer;
    length = index + 1;
  }
  if (!mapping) return undefined;
  const rest = parts.slice(length);
  const stage = mapping.stage ?? decode(rest.shift() ?? '');
  return { mapping, stage, path: `/${rest.join('/')}` };
}

/** A slash that was encoded is no border between parts. */
function decode(part: string): string {
  try {
    const decoded = decodeURIComponent(part);
    return decoded.includes('/') ? part : decoded;
  } catch {
    return part;
  }
}
