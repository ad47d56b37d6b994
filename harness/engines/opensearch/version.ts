import { ask } from '../http.ts';

/** What an OpenSearch says it is, such as `2.19.6`. Throws when nothing that speaks like OpenSearch answers. */
export async function openSearchVersion(endpoint: string, signal: AbortSignal): Promise<string> {
  const { status, body } = await ask(endpoint, { signal });
  if (status !== 200) throw new Error(`GET / answered ${status}`);
  const { version } = JSON.parse(body) as { version?: { number?: unknown } };
  if (typeof version?.number !== 'string') throw new Error('GET / names no version');
  return version.number;
}
