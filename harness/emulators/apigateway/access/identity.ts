import { contextText } from '../data-plane/context-variables.ts';
import type { Exchange } from '../data-plane/exchange.ts';
import type { Authorizer } from '../store/model.ts';

/** What an authorizer decides by: each source of its identity, by its expression, and the value that the request has. */
export type Identity = ReadonlyMap<string, string>;

const SOURCE = /^(?:method\.request\.(header|querystring)|(stageVariables|context))\.(.+)$/;

/** The expressions of an authorizer's `identitySource`; an empty list for none. */
export function sourcesOf({ identitySource }: Pick<Authorizer, 'identitySource'>): string[] {
  return (identitySource ?? '')
    .split(',')
    .map((source) => source.trim())
    .filter(Boolean);
}

export function isSource(expression: string): boolean {
  return SOURCE.test(expression);
}

/** What the request identifies itself with; undefined when anything that the authorizer wants is missing or empty. */
export function identityOf(authorizer: Authorizer, exchange: Exchange): Identity | undefined {
  const identity = new Map<string, string>();
  for (const source of sourcesOf(authorizer)) {
    const value = valueAt(source, exchange);
    if (!value) return undefined;
    identity.set(source, value);
  }
  return identity;
}

function valueAt(source: string, exchange: Exchange): string | undefined {
  const [, part, variables, name = ''] = SOURCE.exec(source) ?? [];
  if (part === 'header') return exchange.headers.lastOfAnyCase(name);
  if (part === 'querystring') return exchange.query.last(name);
  if (variables === 'stageVariables') return exchange.stageVariables.get(name);
  return contextText(exchange.context, name);
}
