import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { MapEntry, MapNode, Node } from '../template/node.ts';
import { refuseOtherKeys, sectionOf, textAt } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import type { Plain } from './node-of.ts';

/** Where Lambda looks for code that is a folder of this machine, by LocalStack's convention: the key is its path. */
const LOCAL_CODE_BUCKET = 'hot-reload';

/** Ways to build that leave the files as they are, but for packages that are installed here already. */
const PLAIN_BUILDS = /^(nodejs|python)\d/;

export interface FunctionCode {
  /** `Code` of AWS::Lambda::Function. */
  readonly code: Plain;
  /** The folder of this machine that the code is in; undefined for code in S3. */
  readonly folder: string | undefined;
}

/** What `CodeUri` says. `subject`: the function's properties. */
export async function readCodeUri(entry: MapEntry | undefined, subject: Subject): Promise<FunctionCode> {
  if (entry === undefined) {
    const where = within(subject, ['CodeUri'], subject.at);
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, 'is missing (AWS::Serverless::Function).');
  }
  const where = withinEntry(subject, 'CodeUri', entry);
  const { value } = entry;
  if (value.kind === 'map') {
    refuseOtherKeys(value, ['Bucket', 'Key', 'Version'], where);
    const member = (name: string) => value.entries.get(name)?.value;
    const code = { S3Bucket: member('Bucket'), S3Key: member('Key'), S3ObjectVersion: member('Version') };
    return { code, folder: undefined };
  }
  if (value.kind !== 'scalar') {
    throw templateError('TEMPLATE_SYNTAX', where, 'must be a folder, an s3:// address or a map, written out.');
  }
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(String(value.value)) ?? [];
  if (bucket !== undefined && key !== undefined) return { code: { S3Bucket: bucket, S3Key: key }, folder: undefined };
  const folder = path.resolve(path.dirname(subject.file), String(value.value));
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    const remedy = 'Name the folder that the code is in, seen from the folder of the template.';
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, `${folder} is no folder.`, remedy);
  }
  return { code: { S3Bucket: LOCAL_CODE_BUCKET, S3Key: folder }, folder };
}

/**
 * The handler as it is called in the function's folder. `sam build` puts what esbuild makes of each entry point where it
 * stands below the folder that all entry points have in common, and `Handler` is its name there; here the entry point
 * itself is run. Source: esbuild.github.io/api/#outbase.
 *
 * @param resource the function as a whole, whose `Metadata` says how it is built
 */
export async function readHandler(
  handler: MapEntry | undefined,
  { folder }: FunctionCode,
  resource: MapNode,
  around: { readonly resource: Subject; readonly properties: Subject },
): Promise<Plain | undefined> {
  const metadata = sectionOf(resource, 'Metadata', around.resource);
  if (metadata === undefined) return handler?.value;
  const subject = within(around.resource, ['Metadata'], metadata.at);
  const method = textAt(metadata, 'BuildMethod', subject);
  if (method === undefined || PLAIN_BUILDS.test(method)) return handler?.value;
  if (method !== 'esbuild') {
    const where = subjectOf(metadata, 'BuildMethod', subject);
    const sentence = `the build method ${method} is not supported.`;
    const remedy = 'Supported are esbuild, those of Node.js and Python, and none.';
    throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', where, sentence, remedy);
  }
  if (folder === undefined || handler === undefined) return handler?.value;
  const properties = sectionOf(metadata, 'BuildProperties', subject);
  const entryPoints = await readEntryPoints(properties, within(subject, ['BuildProperties'], metadata.at), folder);
  return entryPointHandler(handler, entryPoints, withinEntry(around.properties, 'Handler', handler));
}

async function readEntryPoints(properties: MapNode | undefined, subject: Subject, folder: string): Promise<string[]> {
  const node = properties?.entries.get('EntryPoints')?.value;
  const where =
    properties === undefined
      ? within(subject, ['EntryPoints'], subject.at)
      : subjectOf(properties, 'EntryPoints', subject);
  if (node?.kind !== 'list' || node.items.length === 0) {
    throw templateError('TEMPLATE_INVALID_PROPERTY', where, 'must be a list of files: esbuild begins with them.');
  }
  return Promise.all(node.items.map((item, index) => readEntryPoint(item, within(where, [index], item.at), folder)));
}

async function readEntryPoint(item: Node, subject: Subject, folder: string): Promise<string> {
  if (item.kind !== 'scalar') throw templateError('TEMPLATE_SYNTAX', subject, 'must be a file, written out.');
  const file = path.posix.normalize(String(item.value));
  const found = await stat(path.join(folder, file)).catch(() => undefined);
  if (found?.isFile()) return file;
  throw templateError('TEMPLATE_INVALID_PROPERTY', subject, `${folder} has no file ${file}.`);
}

function entryPointHandler(handler: MapEntry, entryPoints: readonly string[], subject: Subject): string {
  if (handler.value.kind !== 'scalar') {
    throw templateError('TEMPLATE_SYNTAX', subject, 'must be written out for a function that esbuild builds.');
  }
  const text = String(handler.value.value);
  // Up to the first dot of the last part is the module's name; what follows is the export's.
  const [, module = text, name = ''] = /^((?:.*\/)?[^./]*)\.(.+)$/.exec(text) ?? [];
  const common = commonFolder(entryPoints);
  const built = entryPoints.map((file) => withoutExtension(path.posix.relative(common, file)));
  const found = entryPoints[built.indexOf(path.posix.normalize(module))];
  if (found !== undefined) return `${withoutExtension(found)}.${name}`;
  const sentence = `esbuild makes no ${module}.js of these entry points, but ${built.map((file) => `${file}.js`).join(', ')}.`;
  throw templateError('TEMPLATE_INVALID_PROPERTY', subject, sentence);
}

/** The innermost folder that all files are in. */
function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => path.posix.dirname(file).split('/'));
  const [first = []] = folders;
  const length = first.findIndex((part, index) => folders.some((folder) => folder[index] !== part));
  return first.slice(0, length < 0 ? first.length : length).join('/');
}

function withoutExtension(file: string): string {
  return file.slice(0, file.length - path.posix.extname(file).length);
}

function subjectOf(node: MapNode, key: string, subject: Subject): Subject {
  const entry = node.entries.get(key);
  return entry === undefined ? within(subject, [key], subject.at) : withinEntry(subject, key, entry);
}
