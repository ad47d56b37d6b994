import { isCollection, type LineCounter, type Document as YamlDocument } from 'yaml';
import { displayPath } from '../deploy/template/template-error.ts';
import { NaetmulError } from '../errors.ts';

/**
 * `COMPOSE_UNREADABLE`: the file is there and cannot be read. `COMPOSE_SYNTAX`: not YAML, or a variable that compose
 * does not know. `COMPOSE_UNSUPPORTED_KEY`, `COMPOSE_UNSUPPORTED_IMAGE`: docker compose may know it, naetmul does not.
 * `COMPOSE_INVALID_VALUE`: a value is missing or of the wrong kind. `COMPOSE_VARIABLE`: a variable that the file
 * requires has no value.
 */
export type ComposeErrorCode =
  | 'COMPOSE_UNREADABLE'
  | 'COMPOSE_SYNTAX'
  | 'COMPOSE_UNSUPPORTED_KEY'
  | 'COMPOSE_UNSUPPORTED_IMAGE'
  | 'COMPOSE_INVALID_VALUE'
  | 'COMPOSE_VARIABLE';

export type KeyPath = readonly PropertyKey[];

/** What an error is about: a key of a compose file. Makes errors that say where it stands. */
export interface Place {
  /** `services.api.environment.PORT`; empty for the file as a whole. */
  readonly key: string;
  error(code: ComposeErrorCode, sentence: string, remedy?: string): NaetmulError;
}

/** The place of a key in a file; of the nearest thing around it where there is no such key. */
export function placeOf(file: string, document: YamlDocument, lines: LineCounter, path: KeyPath): Place {
  const offset = offsetOf(document, path);
  return placeAt(file, offset === undefined ? 1 : lines.linePos(offset).line, keyName(path));
}

export function placeAt(file: string, line: number, key = ''): Place {
  return {
    key,
    error: (code, sentence, remedy) =>
      new NaetmulError(
        code,
        `${displayPath(file)}:${Math.max(line, 1)}: ${key === '' ? '' : `${key}: `}${sentence}`,
        remedy === undefined ? {} : { remedy },
      ),
  };
}

function offsetOf(document: YamlDocument, path: KeyPath): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    if (!isCollection(parent)) continue;
    for (const [index, item] of parent.items.entries()) {
      const { key } = item as { key?: { value?: unknown; range?: readonly number[] } };
      const node = key ?? (item as { range?: readonly number[] });
      if ((key === undefined ? index : key.value) === path[length - 1] && node.range) return node.range[0];
    }
  }
  return undefined;
}

function keyName(path: KeyPath): string {
  let name = '';
  for (const step of path) {
    if (typeof step === 'number') name += `[${step}]`;
    else name += name === '' ? String(step) : `.${String(step)}`;
  }
  return name;
}
