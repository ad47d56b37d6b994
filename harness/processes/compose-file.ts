import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type KeyPath, type Place, placeAt, placeOf } from './compose-error.ts';
import { InterpolationError, parseText, requiredNames, resolveText, type Text } from './interpolation.ts';
import { findTemplates } from './nginx-templates.ts';
import type { NginxService, ProcessPlan, ProcessService, PublicFace, Variable, Written } from './plan.ts';
import { fileSchema, nginxSchema, processSchema } from './schema.ts';

export const COMPOSE_FILE = 'compose.yaml';

/** The official image, and the one of the same makers that needs no root. */
const NGINX_IMAGE = /^(?:docker\.io\/)?(?:(?:library\/)?nginx|nginxinc\/nginx-unprivileged)(?:[:@].+)?$/;

/**
 * Reads and checks the `compose.yaml` of a service's folder; undefined when there is none. Needs no server.
 * Errors: `COMPOSE_…`, see compose-error.ts; each names the file, the line and the key.
 */
export async function loadProcesses(folder: string): Promise<ProcessPlan | undefined> {
  const file = join(resolve(folder), COMPOSE_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw placeAt(file, 1).error('COMPOSE_UNREADABLE', `cannot be read: ${(error as Error).message}.`);
  }
  return parseComposeFile(text, file);
}

/** Reads the templates of nginx's service as well, which stand beside the file. */
export async function parseComposeFile(text: string, file: string): Promise<ProcessPlan> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent', merge: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    throw placeAt(file, line).error('COMPOSE_SYNTAX', `not YAML: ${error.message}`);
  }
  if (document.contents === null) throw placeAt(file, 1).error('COMPOSE_INVALID_VALUE', 'the file is empty.');
  return new Reader(file, (path) => placeOf(file, document, lines, path)).read(document.toJS());
}

class Reader {
  readonly #file: string;
  readonly #folder: string;
  readonly #place: (path: KeyPath) => Place;

  constructor(file: string, place: (path: KeyPath) => Place) {
    this.#file = file;
    this.#folder = dirname(file);
    this.#place = place;
  }

  async read(content: unknown): Promise<ProcessPlan> {
    const { services } = this.#check(fileSchema, this.#withDefaults(content, []), []);
    const processes: ProcessService[] = [];
    const faces: { service: string; port: PublicFace['port']; nginx?: NginxService; behind?: readonly string[] }[] = [];
    for (const [name, service] of Object.entries(services)) {
      const path = ['services', name];
      if (service.build !== undefined) {
        const { ports, ...rest } = this.#check(processSchema, service, path);
        processes.push(this.#process(name, rest, path));
        if (ports !== undefined) faces.push({ service: name, port: ports[0] });
        continue;
      }
      this.#refuseOtherImages(service.image, path);
      const { ports, depends_on: behind, ...rest } = this.#check(nginxSchema, service, path);
      faces.push({ service: name, port: ports[0], behind, nginx: await this.#nginx(name, rest, path) });
    }
    const [face, second] = faces;
    if (face === undefined) throw this.#invalid(['services'], 'one service must publish a port.');
    if (second !== undefined) {
      throw this.#invalid(['services', second.service, 'ports'], `${face.service} publishes a port already.`);
    }
    const { service, port, nginx, behind = [service] } = face;
    const known = processes.map((one) => one.name);
    if (behind.length !== 1 || !known.includes(behind[0] ?? '')) {
      const path = ['services', service, 'depends_on'];
      throw this.#invalid(path, `takes the one service that nginx leads to, out of: ${known.join(', ') || 'none'}.`);
    }
    return {
      file: this.#file,
      folder: this.#folder,
      name: basename(this.#folder),
      processes,
      face: { port, process: behind[0] ?? service, nginx },
    };
  }

  #process(
    name: string,
    service: Pick<z.output<typeof processSchema>, 'command' | 'environment' | 'restart'>,
    path: KeyPath,
  ): ProcessService {
    const { command, environment, restart } = service;
    const words = typeof command === 'string' ? command.trim().split(/\s+/) : command;
    return {
      name,
      command: words.map((word, index) =>
        this.#written(word, [...path, 'command', ...(typeof command === 'string' ? [] : [index])]),
      ),
      environment: this.#environment(environment, [...path, 'environment']),
      restart,
    };
  }

  async #nginx(
    name: string,
    service: Pick<z.output<typeof nginxSchema>, 'image' | 'volumes' | 'environment' | 'restart'>,
    path: KeyPath,
  ): Promise<NginxService> {
    const volumes = service.volumes.map((volume, index) => ({
      volume,
      place: this.#place([...path, 'volumes', index]),
    }));
    const templates = await findTemplates(this.#folder, volumes);
    if (templates.length === 0) {
      throw this.#invalid([...path, 'volumes'], 'nothing in them is a .conf.template for /etc/nginx/templates.');
    }
    const environment = this.#environment(service.environment, [...path, 'environment']);
    return { name, image: service.image, templates, environment, restart: service.restart };
  }

  #environment(source: z.output<typeof processSchema>['environment'], path: KeyPath): Variable[] {
    const entries: [string, PropertyKey, string | number | null][] = Array.isArray(source)
      ? source.map((item, index) => {
          const [, name = '', value = null] = /^([^=]*)(?:=(.*))?$/s.exec(item) ?? [];
          return [name, index, value];
        })
      : Object.entries(source).map(([name, value]) => [name, name, value]);
    return entries.map(([name, step, value]) => ({
      name,
      value: value === null ? undefined : this.#written(String(value), [...path, step]),
      place: this.#place([...path, step]),
    }));
  }

  #refuseOtherImages(image: unknown, path: KeyPath): void {
    if (image === undefined) throw this.#invalid(path, 'needs build, or an image of nginx.');
    if (typeof image === 'string' && NGINX_IMAGE.test(image)) return;
    throw this.#place([...path, 'image']).error(
      'COMPOSE_UNSUPPORTED_IMAGE',
      `naetmul cannot run the image ${String(image)} without Docker.`,
      'It runs services with build and command, and nginx.',
    );
  }

  #written(source: string, path: KeyPath): Written {
    const place = this.#place(path);
    return { text: this.#parse(source, place), place };
  }

  #parse(source: string, place: Place): Text {
    try {
      return parseText(source);
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      throw place.error('COMPOSE_SYNTAX', `${error.message}.`, 'Write $$ for a dollar sign.');
    }
  }

  /**
   * Variables in environment and command wait for the values of the stack. All the rest says which processes there are,
   * and must say it without them.
   */
  #withDefaults(value: unknown, path: KeyPath): unknown {
    if (path.length === 3 && path[0] === 'services' && ['environment', 'command'].includes(String(path[2]))) {
      return value;
    }
    if (Array.isArray(value)) return value.map((item, index) => this.#withDefaults(item, [...path, index]));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, this.#withDefaults(inner, [...path, key])]),
      );
    }
    if (typeof value !== 'string') return value;
    const place = this.#place(path);
    const text = this.#parse(value, place);
    const [name] = requiredNames(text);
    if (name === undefined)
      return resolveText(
        text,
        () => undefined,
        () => undefined,
      );
    throw place.error(
      'COMPOSE_INVALID_VALUE',
      `\${${name}} has no default; only environment and command may depend on the values of a stack.`,
      `Write \${${name}:-default}.`,
    );
  }

  #check<T extends z.ZodType>(schema: T, value: unknown, path: KeyPath): z.output<T> {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const { issues } = result.error;
    // A misspelt key first: it is why another one is missing.
    const unknown = issues.find((issue) => issue.code === 'unrecognized_keys');
    if (unknown !== undefined) {
      throw this.#place([...path, ...unknown.path, unknown.keys[0] ?? '']).error(
        'COMPOSE_UNSUPPORTED_KEY',
        'naetmul does not support this key.',
        supportedKeys(schema, unknown.path),
      );
    }
    const [issue] = issues;
    const missing = issue !== undefined && valueAt(value, issue.path) === undefined;
    throw this.#invalid([...path, ...(issue?.path ?? [])], missing ? 'is missing.' : `${issue?.message}.`);
  }

  #invalid(path: KeyPath, sentence: string): Error {
    return this.#place(path).error('COMPOSE_INVALID_VALUE', sentence);
  }
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step], value);
}

function supportedKeys(schema: z.ZodType, path: KeyPath): string | undefined {
  const { shape } = schema as { shape?: Record<string, unknown> };
  return shape === undefined || path.length > 0 ? undefined : `Supported here are ${Object.keys(shape).join(', ')}.`;
}
