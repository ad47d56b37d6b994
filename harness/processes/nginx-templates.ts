import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NaetmulError } from '../errors.ts';
import type { Place } from './compose-error.ts';
import type { NginxTemplate } from './plan.ts';

/** Where the nginx image looks for templates. Source: Docker Hub, nginx, "Using environment variables". */
const TEMPLATES = '/etc/nginx/templates';
/** What the image renders to `conf.d`; its nginx.conf includes `*.conf` from there, so nothing else counts. */
const SUFFIX = '.conf.template';
const VOLUME = /^(\.{1,2}(?:\/[^:]*)?|\/[^:]*):([^:]+)(?::(?:ro|rw))?$/;

/**
 * The templates that volumes such as `./nginx:/etc/nginx/templates:ro` bring, folders or single files.
 * Errors: `COMPOSE_INVALID_VALUE` for any other volume, and for one that is not there.
 */
export async function findTemplates(
  folder: string,
  volumes: readonly { readonly volume: string; readonly place: Place }[],
): Promise<readonly NginxTemplate[]> {
  const found = await Promise.all(volumes.map(({ volume, place }) => templatesIn(folder, volume, place)));
  return found.flat();
}

async function templatesIn(folder: string, volume: string, place: Place): Promise<readonly NginxTemplate[]> {
  const [, from, target] = VOLUME.exec(volume) ?? [];
  const name = target?.startsWith(`${TEMPLATES}/`) ? target.slice(TEMPLATES.length + 1) : undefined;
  if (from === undefined || (target?.replace(/\/$/, '') !== TEMPLATES && !name?.endsWith(SUFFIX))) {
    throw place.error(
      'COMPOSE_INVALID_VALUE',
      `naetmul does not support the volume ${volume}.`,
      `Mount a folder on ${TEMPLATES}, or a file on ${TEMPLATES}/default${SUFFIX}.`,
    );
  }
  const source = resolve(folder, from);
  const isFolder = await stat(source).then(
    (found) => found.isDirectory(),
    () => undefined,
  );
  if (isFolder === undefined || isFolder === (name?.endsWith(SUFFIX) ?? false)) {
    throw place.error('COMPOSE_INVALID_VALUE', `there is no such ${name ? 'file' : 'folder'}: ${from}.`);
  }
  if (!isFolder) return [{ source, name: renderedName(name ?? '') }];
  const files = (await readdir(source)).filter((file) => file.endsWith(SUFFIX)).sort();
  return files.map((file) => ({ source: join(source, file), name: renderedName(file) }));
}

function renderedName(template: string): string {
  return template.slice(0, -'.template'.length);
}

/** Puts in the values of the variables that there are; `$host` and all others are nginx's own and stay. */
export function substituteEnvironment(template: string, environment: Readonly<Record<string, string>>): string {
  return template.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? '';
    return Object.hasOwn(environment, name) ? (environment[name] ?? '') : whole;
  });
}

export interface Loopback {
  /** The port that nginx listens on in its container, and the address and port that it takes here. */
  readonly listen: { readonly target: number; readonly host?: string; readonly port: number };
  /** How nginx reaches this machine; by default over loopback. */
  readonly machine?: string;
  /** The other services by their names: the port of each here, and in its container, if the compose file says it. */
  readonly services: ReadonlyMap<string, { readonly port: number; readonly inside: number | undefined }>;
}

/** As nginx writes it. */
function addressOf(host = '127.0.0.1'): string {
  return host.includes(':') ? `[${host}]` : host;
}

const COMMENT = /^[ \t]*#.*$/gm;
const LISTEN = /(^|[{;\s])listen\s+([^;]+);/gm;
const LISTEN_ADDRESS = /^(?:\*:|0\.0\.0\.0:)?(\d+)$/;
const HOST_AND_PORT = /(?<![\w.-])(\w[\w.-]*):(\d+)(?![\w.-])/g;

/**
 * A rendered configuration, moved from the network of its containers, where each service is a host, to this machine,
 * where each is a port. Errors: `NGINX_CONFIGURATION` for what would not be reached in the containers either.
 */
export function moveToLoopback(configuration: string, file: string, loopback: Loopback): string {
  const { listen, machine = '127.0.0.1', services } = loopback;
  return configuration
    .replace(COMMENT, '')
    .replace(LISTEN, (_whole, before: string, parameters: string) => {
      const [address = '', ...rest] = parameters.trim().split(/\s+/);
      if (Number(LISTEN_ADDRESS.exec(address)?.[1]) !== listen.target) {
        const remedy = `Listen on ${listen.target}, the port that the compose file publishes.`;
        throw new NaetmulError('NGINX_CONFIGURATION', `${file}: naetmul cannot listen on ${address}.`, { remedy });
      }
      return `${before}listen ${[`${addressOf(listen.host)}:${listen.port}`, ...rest].join(' ')};`;
    })
    .replace(HOST_AND_PORT, (whole, host: string, port: string) => {
      const service = services.get(host);
      if (service === undefined) return whole;
      if (service.inside !== undefined && service.inside !== Number(port)) {
        const remedy = `Its environment says that it listens on ${service.inside}.`;
        throw new NaetmulError('NGINX_CONFIGURATION', `${file}: ${host} does not listen on ${port}.`, { remedy });
      }
      return `${machine}:${service.port}`;
    });
}
