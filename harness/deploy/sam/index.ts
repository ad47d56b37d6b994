import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { type Subject, templateError, within } from '../template/template-error.ts';
import { expandFunction, SERVERLESS_FUNCTION } from './function.ts';
import { readGlobals } from './globals.ts';

/** The one transform that is supported: the AWS Serverless Application Model. */
const SERVERLESS = 'AWS::Serverless-2016-10-31';

/**
 * A template's resources as CloudFormation has them: those of SAM are replaced by what SAM makes of them, if the
 * template has SAM's transform. Errors name what the file has, not what became of it.
 */
export async function expandServerless(
  sections: MapNode,
  resources: MapNode,
  file: string,
): Promise<ReadonlyMap<string, MapEntry>> {
  const subject: Subject = { file, path: '', at: sections.at };
  const serverless = hasTransform(sections, subject);
  if (!serverless) {
    refuseWithoutTransform(sections, resources, subject);
    return resources.entries;
  }
  const globals = readGlobals(sections, subject);
  const expanded = new Map<string, MapEntry>();
  const makers = new Map<string, string>();
  for (const [logicalId, entry] of resources.entries) {
    const made =
      typeOf(entry.value) === SERVERLESS_FUNCTION
        ? await expandFunction(logicalId, entry, globals, file)
        : new Map([[logicalId, entry]]);
    for (const [id, resource] of made) {
      const other = makers.get(id) ?? (id !== logicalId && resources.entries.has(id) ? id : undefined);
      if (other !== undefined) {
        const sentence = `SAM makes a resource ${id} of it, and there is one already, of ${other}.`;
        throw templateError('TEMPLATE_SYNTAX', { file, path: logicalId, at: entry.at }, sentence);
      }
      makers.set(id, logicalId);
      expanded.set(id, resource);
    }
  }
  return expanded;
}

function hasTransform(sections: MapNode, template: Subject): boolean {
  const entry = sections.entries.get('Transform');
  if (entry === undefined) return false;
  const subject = within(template, ['Transform'], entry.at);
  for (const item of entry.value.kind === 'list' ? entry.value.items : [entry.value]) {
    if (item.kind === 'scalar' && item.value === SERVERLESS) continue;
    const what = item.kind === 'scalar' ? `the transform ${item.value}` : 'this transform';
    throw templateError(
      'TEMPLATE_UNSUPPORTED_SECTION',
      subject,
      `${what} is not supported.`,
      `Supported is ${SERVERLESS}.`,
    );
  }
  return true;
}

function refuseWithoutTransform(sections: MapNode, resources: MapNode, subject: Subject): void {
  const globals = sections.entries.get('Globals');
  const remedy = `Write "Transform: ${SERVERLESS}" at the top of the template.`;
  if (globals !== undefined) {
    const where = within(subject, ['Globals'], globals.at);
    throw templateError(
      'TEMPLATE_UNSUPPORTED_SECTION',
      where,
      'is a section of SAM, and the transform is missing.',
      remedy,
    );
  }
  for (const [logicalId, entry] of resources.entries) {
    const type = typeOf(entry.value);
    if (type?.startsWith('AWS::Serverless::') !== true) continue;
    const where = { ...subject, path: logicalId, at: entry.at };
    throw templateError(
      'TEMPLATE_UNSUPPORTED_TYPE',
      where,
      `${type} is a type of SAM, and the transform is missing.`,
      remedy,
    );
  }
}

function typeOf(resource: Node): string | undefined {
  const type = resource.kind === 'map' ? resource.entries.get('Type')?.value : undefined;
  return type?.kind === 'scalar' ? String(type.value) : undefined;
}
