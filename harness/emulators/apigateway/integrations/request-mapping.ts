import type { Exchange } from '../data-plane/exchange.ts';
import type { MethodRuntime } from '../data-plane/runtime.ts';

export interface MappedParameters {
  readonly header: Map<string, string>;
  readonly querystring: [string, string][];
  readonly path: Map<string, string>;
}

/** What an integration's `requestParameters` make of a request. */
export function mapParameters(exchange: Exchange, { requestMappings }: MethodRuntime): MappedParameters {
  const mapped: MappedParameters = { header: new Map(), querystring: [], path: new Map() };
  for (const { location, name, source } of requestMappings) {
    const value = source(exchange);
    if (value === undefined) continue;
    if (location !== 'querystring') mapped[location].set(name, typeof value === 'string' ? value : value.join(','));
    else if (typeof value === 'string') mapped.querystring.push([name, value]);
    else for (const one of value) mapped.querystring.push([name, one]);
  }
  return mapped;
}
