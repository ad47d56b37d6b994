import type { MapEntry, MapNode, Node, Position } from '../template/node.ts';
import { type Subject, templateError, within } from '../template/template-error.ts';
import { expandApi, expandImplicitApi, IMPLICIT_STAGE, SERVERLESS_API } from './api.ts';
import { type ApiEvent, IMPLICIT_API, permissionOf, readApiEvents } from './api-events.ts';
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
  const events = [...resources.entries].flatMap(([logicalId, entry]) =>
    typeOf(entry.value) === SERVERLESS_FUNCTION ? readApiEvents(logicalId, entry, file) : [],
  );
  const expanded = new Map<string, MapEntry>();
  const makers = new Map<string, string>();
  const add = (maker: string, at: Position, made: ReadonlyMap<string, MapEntry>) => {
    for (const [id, resource] of made) {
      const other = makers.get(id) ?? (id !== maker && resources.entries.has(id) ? id : undefined);
      if (other !== undefined) {
        const sentence = `SAM makes a resource ${id} of it, and there is one already, of ${other}.`;
        throw templateError('TEMPLATE_SYNTAX', { file, path: maker, at }, sentence);
      }
      makers.set(id, maker);
      expanded.set(id, resource);
    }
  };
  for (const [logicalId, entry] of resources.entries) {
    const type = typeOf(entry.value);
    if (type === SERVERLESS_FUNCTION) {
      add(logicalId, entry.at, await expandFunction(logicalId, entry, globals, file));
      const own = events.filter(({ functionId }) => functionId === logicalId);
      add(logicalId, entry.at, new Map(own.map((event) => permissionOf(event, stageOf(event, resources)))));
    } else if (type === SERVERLESS_API) {
      const own = events.filter(({ apiId }) => apiId === logicalId);
      add(logicalId, entry.at, expandApi(logicalId, entry, own, globals, file));
    } else {
      add(logicalId, entry.at, new Map([[logicalId, entry]]));
    }
  }
  const implicit = events.filter(({ apiId }) => apiId === IMPLICIT_API);
  const [first] = implicit;
  if (first !== undefined) add(first.functionId, first.subject.at, expandImplicitApi(implicit, globals, first.subject));
  return expanded;
}

const APIS = [SERVERLESS_API, 'AWS::ApiGateway::RestApi'];

/** The name of the stage that an event's API has. */
function stageOf({ apiId, subject }: ApiEvent, resources: MapNode): Node | string | undefined {
  if (apiId === IMPLICIT_API) return IMPLICIT_STAGE;
  const api = resources.entries.get(apiId)?.value;
  if (api?.kind !== 'map' || !APIS.includes(typeOf(api) ?? '')) {
    const where = within(subject, ['RestApiId'], subject.at);
    const sentence = `${apiId} is no ${APIS.join(' and no ')} of this template.`;
    throw templateError('TEMPLATE_UNKNOWN_REFERENCE', where, sentence);
  }
  const properties = api.entries.get('Properties')?.value;
  return properties?.kind === 'map' ? properties.entries.get('StageName')?.value : undefined;
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
