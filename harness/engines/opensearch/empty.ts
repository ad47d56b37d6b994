import { ask } from '../http.ts';

/** Indices of plugins, which make them anew as they like. */
const OF_PLUGINS = /^\.(?:opendistro|opensearch|plugins|ql|tasks)/;

/** Removes everything that the users of an OpenSearch have made in it. Errors: what it refuses. */
export async function emptyOpenSearch(endpoint: string, signal: AbortSignal): Promise<void> {
  const names = async (path: string, of: (answer: unknown) => readonly string[]): Promise<readonly string[]> =>
    of(JSON.parse((await call(endpoint, 'GET', path, signal)) || '{}'));
  const keys = (answer: unknown) => Object.keys(answer as object);
  const list = (member: string) => (answer: unknown) =>
    ((answer as Record<string, readonly { readonly name: string }[] | undefined>)[member] ?? []).map(
      ({ name }) => name,
    );
  const remove = async (path: string, found: readonly string[]): Promise<void> => {
    const own = found.filter((name) => !OF_PLUGINS.test(name));
    for (const name of own) await call(endpoint, 'DELETE', `${path}/${encodeURIComponent(name)}`, signal);
  };
  await remove('/_data_stream', await names('/_data_stream', list('data_streams')));
  await remove('', await names('/_all/_settings?expand_wildcards=all&filter_path=*.settings.index.uuid', keys));
  // Templates before the parts that they are composed of.
  await remove('/_index_template', await names('/_index_template', list('index_templates')));
  await remove('/_component_template', await names('/_component_template', list('component_templates')));
  await remove('/_template', await names('/_template', keys));
  await remove('/_ingest/pipeline', await names('/_ingest/pipeline', keys));
  const scripts = (answer: unknown) =>
    keys((answer as { metadata?: { stored_scripts?: object } }).metadata?.stored_scripts ?? {});
  await remove('/_scripts', await names('/_cluster/state/metadata?filter_path=metadata.stored_scripts', scripts));
  await call(endpoint, 'PUT', '/_cluster/settings', signal, '{"persistent":{"*":null},"transient":{"*":null}}');
}

async function call(
  endpoint: string,
  method: string,
  path: string,
  signal: AbortSignal,
  body?: string,
): Promise<string> {
  const answer = await ask(`${endpoint}${path}`, {
    method,
    signal,
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  });
  if (answer.status >= 400 && answer.status !== 404) {
    throw new Error(`OpenSearch could not be emptied: ${method} ${path} answered ${answer.status} ${answer.body}`);
  }
  return answer.status === 404 ? '' : answer.body;
}
