import type { Call } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { Parts } from './operation.ts';
import { Violations } from './violations.ts';

const RESOURCE =
  'arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:' +
  '(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|' +
  'event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|' +
  'capacity-provider:[a-zA-Z0-9-_]+)';

/** The tags of the function or event source mapping that an ARN names. */
export function tagsOf({ functions, mappings }: Parts, call: Call, arn: string | undefined): Map<string, string> {
  const violations = new Violations();
  violations.required('resource', arn);
  violations.text('resource', arn, 1, 256, RESOURCE);
  violations.raise();
  const [, , , region, accountId, kind, id = '', qualifier] = (arn ?? '').split(':');
  const ours = region === call.region && accountId === call.accountId;
  if (kind === 'function') {
    if (qualifier !== undefined) {
      throw errors.invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.');
    }
    const found = ours ? functions.get(arn ?? '') : undefined;
    if (!found) throw errors.functionNotFound(arn ?? '');
    return found.tags;
  }
  if (kind !== 'event-source-mapping') throw errors.unsupported(`tags of ${arn}`);
  const found = ours ? mappings.get(id) : undefined;
  if (!found) throw errors.notFound(`Event source mapping not found: ${arn}`);
  return found.tags;
}
