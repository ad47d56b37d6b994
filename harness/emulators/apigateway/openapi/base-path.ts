import { badRequest } from '../errors.ts';
import { listOf, type OpenApiDocument, objectOf, textOf } from './document.ts';

/** How `basepath` says to treat a definition's base path. Developer guide, "Set the OpenAPI basePath property". */
export type BasePathMode = 'ignore' | 'prepend' | 'split';

const MODES: readonly string[] = ['ignore', 'prepend', 'split'];

export function readBasePathMode(mode: string | undefined): BasePathMode {
  if (mode === undefined || mode === '') return 'ignore';
  if (!MODES.includes(mode)) throw badRequest(`Invalid basepath specified. Must be one of: [${MODES.join(', ')}]`);
  return mode as BasePathMode;
}

/** What goes before every path: nothing, the base path, or the base path without its first part. */
export function prefixOf(document: OpenApiDocument, mode: BasePathMode): string {
  if (mode === 'ignore') return '';
  const parts = basePathOf(document)
    .split('/')
    .filter((part) => part !== '');
  return (mode === 'split' ? parts.slice(1) : parts).map((part) => `/${part}`).join('');
}

function basePathOf({ root, isSwagger }: OpenApiDocument): string {
  if (isSwagger) return textOf(root.basePath) ?? '';
  for (const one of listOf(root.servers)) {
    const server = objectOf(one);
    const variable = textOf(objectOf(objectOf(server.variables).basePath).default);
    if (variable !== undefined) return variable;
    const path = /^(?:[a-z]+:\/\/[^/]*)?(\/.*)?$/i.exec(textOf(server.url) ?? '')?.[1];
    if (path !== undefined && path !== '/') return path;
  }
  return '';
}
