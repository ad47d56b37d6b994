import { unsupportedMediaType } from '../../data-plane/gateway-failure.ts';
import { mediaType } from '../../data-plane/request.ts';
import type { PassthroughBehavior } from '../../store/model.ts';

/**
 * Chooses the request template by the content type, which is `application/json` when none is given: the exact key,
 * then the key without parameters (charset), then `$default`. Undefined: the body passes unchanged. Throws 415 where
 * `passthroughBehavior` says so (developer guide, "Integration passthrough behaviors").
 */
export function chooseRequestTemplate<T>(
  templates: ReadonlyMap<string, T>,
  passthrough: PassthroughBehavior,
  contentType: string | undefined,
): T | undefined {
  const given = contentType || 'application/json';
  const found = templates.get(given) ?? templates.get(mediaType(given)) ?? templates.get('$default');
  if (found !== undefined) return found;
  if (passthrough === 'NEVER' || (passthrough === 'WHEN_NO_TEMPLATES' && templates.size > 0)) {
    throw unsupportedMediaType();
  }
  return undefined;
}
