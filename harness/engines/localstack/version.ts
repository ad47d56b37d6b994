import { ask } from '../http.ts';

/** What a LocalStack says it is, such as `4.9.2`. Throws when nothing that speaks like LocalStack answers. */
export async function localStackVersion(endpoint: string, signal: AbortSignal): Promise<string> {
  const { status, body } = await ask(new URL('/_localstack/health', endpoint), { signal });
  if (status !== 200) throw new Error(`GET /_localstack/health answered ${status}`);
  const { version } = JSON.parse(body) as { version?: unknown };
  if (typeof version !== 'string') throw new Error('GET /_localstack/health names no version');
  return version;
}
