import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** The API's description, as it is written and as a value. */
export interface Description {
  readonly source: string;
  readonly value: unknown;
}

export function readDescription(): Description {
  const source = readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8');
  return { source, value: parse(source) };
}
