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
  for (let count = parts.length; count >= 0; count--) {
    const mapping = mappings.get(parts.slice(0, count).map(decode).join('/'));
    // No base path is empty parts: `//` is not the mapping without one.
    if (!mapping || (count > 0 && mapping.basePath === '')) continue;
    const rest = parts.slice(count);
    const stage = mapping.stage ?? decode(rest.shift() ?? '');
    return { mapping, stage, path: `/${rest.join('/')}` };
  }
  return undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
