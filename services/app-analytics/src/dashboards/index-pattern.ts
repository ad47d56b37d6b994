export interface IndexPattern {
  /** `pinpoint*`. */
  readonly title: string;
  /** `arrival_timestamp`. */
  readonly timeField: string;
}

export interface Dashboards {
  /**
   * Where OpenSearch Dashboards is: `http://localhost:5601`, or on AWS the domain's endpoint and `/_dashboards`
   * (Kibana: `/_plugin/kibana`).
   */
  readonly url: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Dashboards is away, or refuses. The message says what to do. */
export class DashboardsError extends Error {
  override readonly name = 'DashboardsError';
}

const ANSWER_WITHIN_MS = 10_000;

/**
 * Makes the index pattern, or replaces the one of the same name. Returns its id.
 *
 * Dashboards takes any name as a time field, and breaks later where that is no date: look at the field's type before.
 * Source: Kibana guide, "Create saved object API". Errors: `DashboardsError`.
 */
export async function putIndexPattern({ title, timeField }: IndexPattern, { url, fetch }: Dashboards): Promise<string> {
  const base = url.replace(/\/+$/, '');
  // An id that says what it is, so that the command can be repeated.
  const id = title.replace(/[^a-z0-9_-]+/gi, '-').replace(/-$/, '');
  let response: Response;
  try {
    response = await fetch(`${base}/api/saved_objects/index-pattern/${id}?overwrite=true`, {
      method: 'POST',
      // One for OpenSearch Dashboards, one for Kibana; each ignores the other's.
      headers: { 'content-type': 'application/json', 'osd-xsrf': 'true', 'kbn-xsrf': 'true' },
      body: JSON.stringify({ attributes: { title, timeFieldName: timeField } }),
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  } catch (cause) {
    throw new DashboardsError(`OpenSearch Dashboards cannot be reached at ${base}.`, { cause });
  }
  const text = await response.text();
  if (response.status >= 300 && response.status < 400) {
    const where = response.headers.get('location');
    throw new DashboardsError(`${base} leads to ${where ?? 'another address'}: it wants a login, or has another path.`);
  }
  if (!response.ok)
    throw new DashboardsError(`OpenSearch Dashboards answered ${response.status}: ${text.slice(0, 300)}`);
  const saved = parse(text);
  if (saved?.type !== 'index-pattern')
    throw new DashboardsError(`What answers at ${base} is not OpenSearch Dashboards.`);
  return id;
}

function parse(text: string): { readonly type?: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
