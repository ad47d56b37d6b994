import path from 'node:path';
import { NaetmulError } from '../../errors.ts';
import type { MapEntry, Node, Position } from './node.ts';

/**
 * `TEMPLATE_UNREADABLE`: there is no such file. `TEMPLATE_SYNTAX`: not YAML, or not the shape that CloudFormation asks
 * for. `TEMPLATE_UNSUPPORTED_…`: CloudFormation may know it, naetmul does not. `TEMPLATE_INVALID_PROPERTY`: a value is
 * missing or of the wrong kind. `TEMPLATE_UNKNOWN_REFERENCE`: nothing in the template has that name.
 * `TEMPLATE_CYCLE`: resources that wait for each other. `TEMPLATE_PARAMETER`: a parameter without a value it accepts.
 */
export type TemplateErrorCode =
  | 'TEMPLATE_UNREADABLE'
  | 'TEMPLATE_SYNTAX'
  | 'TEMPLATE_UNSUPPORTED_SECTION'
  | 'TEMPLATE_UNSUPPORTED_TYPE'
  | 'TEMPLATE_UNSUPPORTED_PROPERTY'
  | 'TEMPLATE_UNSUPPORTED_INTRINSIC'
  | 'TEMPLATE_INVALID_PROPERTY'
  | 'TEMPLATE_UNKNOWN_REFERENCE'
  | 'TEMPLATE_CYCLE'
  | 'TEMPLATE_PARAMETER';

/** What an error is about: `Stream.Properties.ShardCount` at line 12 of a file. */
export interface Subject {
  readonly file: string;
  /** `Stream`, `Stream.Properties.ShardCount`, `Outputs.Url`; empty for the template as a whole. */
  readonly path: string;
  readonly at: Position;
}

export function templateError(
  code: TemplateErrorCode,
  subject: Subject,
  sentence: string,
  remedy?: string,
): NaetmulError {
  const where = subject.path === '' ? '' : ` ${subject.path}:`;
  return new NaetmulError(
    code,
    `${place(subject)}:${where} ${sentence}`,
    remedy === undefined ? undefined : { remedy },
  );
}

/** `services/ingest/template.yaml:42`, as editors and terminals link it. */
export function place(subject: Pick<Subject, 'file' | 'at'>): string {
  return `${displayPath(subject.file)}:${subject.at.line}`;
}

export function displayPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') ? file : relative;
}

/** The subject of something further in: `within(subject, ['ShardCount'], at)`. */
export function within(subject: Subject, steps: readonly PropertyKey[], at: Position): Subject {
  let path = subject.path;
  for (const step of steps) {
    if (typeof step === 'number') path += `[${step}]`;
    else path += path === '' ? String(step) : `.${String(step)}`;
  }
  return { ...subject, path, at };
}

/** The subject of an entry of a map. */
export function withinEntry(subject: Subject, key: string, { at, origin }: MapEntry): Subject {
  return origin === undefined ? within(subject, [key], at) : { ...subject, path: origin, at };
}

/** The subject of what `path` leads to inside `node`; with the nearest place around it, where there is no such thing. */
export function subjectAt(node: Node | undefined, path: readonly PropertyKey[], subject: Subject): Subject {
  const [step, ...rest] = path;
  if (step === undefined) return subject;
  const entry = node?.kind === 'map' ? node.entries.get(String(step)) : undefined;
  if (entry !== undefined) return subjectAt(entry.value, rest, withinEntry(subject, String(step), entry));
  const item = node?.kind === 'list' ? node.items[Number(step)] : undefined;
  if (item !== undefined) return subjectAt(item, rest, within(subject, [step], item.at));
  return within(subject, path, subject.at);
}
