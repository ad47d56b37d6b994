import type { LogSink } from '../../../edge/sinks.ts';
import { contextText } from './context-variables.ts';
import { compileFormat } from './variables-format.ts';

/** Formats are few and used for every request. */
const formats = new Map<string, ReturnType<typeof compileFormat>>();
const MAX_FORMATS = 100;

/**
 * Writes one line in the stage's format. Unlike templates, an unknown variable shows as `-`.
 *
 * @param variables `$context` with what only access logs know: status, responseLength, integrationLatency, …
 */
export function writeAccessLog(
  sink: LogSink,
  settings: { readonly destinationArn: string; readonly format: string },
  stream: string,
  variables: object,
  now: number,
): void {
  let format = formats.get(settings.format);
  if (!format) {
    if (formats.size >= MAX_FORMATS) formats.clear();
    format = compileFormat(settings.format);
    formats.set(settings.format, format);
  }
  const message = format((name) =>
    name.startsWith('context.') ? contextText(variables, name.slice('context.'.length)) || '-' : '-',
  );
  void sink.put(groupOf(settings.destinationArn), stream, [{ timestamp: now, message }]);
}

/** `arn:aws:logs:ap-northeast-2:000000000000:log-group:api-access` → `api-access`. */
function groupOf(arn: string): string {
  return arn.slice(arn.indexOf(':log-group:') + ':log-group:'.length);
}
