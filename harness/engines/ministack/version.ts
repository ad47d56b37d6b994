import { ask } from '../http.ts';

/** What a MiniStack says it is, such as `1.5.33`; undefined when whoever answers is another server. */
export async function miniStackVersion(endpoint: string, signal: AbortSignal): Promise<string | undefined> {
  const { status, body } = await ask(new URL('/_ministack/health', endpoint), { signal });
  if (status !== 200) return undefined;
  try {
    const { version, edition } = JSON.parse(body) as { version?: unknown; edition?: unknown };
    // Other servers may answer every path with something.
    return typeof version === 'string' && typeof edition === 'string' ? version : undefined;
  } catch {
    return undefined;
  }
}
