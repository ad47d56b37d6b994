import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOnPath } from '../engines/setup/command.ts';

const run = promisify(execFile);

/** An nginx of this machine. */
export interface Nginx {
  readonly executable: string;
  /** `1.22.1`. */
  readonly version: string;
  /** The kinds of upstreams that it was built with: each has a folder for temporary files, which must be named. */
  readonly upstreams: readonly string[];
}

/** Modules that are built in unless left out. Source: nginx.org, "Building nginx from Sources". */
const UPSTREAMS = ['proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** The nginx on the PATH, also where distributions put servers that only root's PATH shows; undefined without one. */
export async function findNginx(env: NodeJS.ProcessEnv = process.env): Promise<Nginx | undefined> {
  const executable = findOnPath('nginx', { PATH: `${env.PATH ?? ''}:/usr/sbin:/usr/local/sbin` });
  if (executable === undefined) return undefined;
  try {
    return describe(executable, (await run(executable, ['-V'], { timeout: 10_000 })).stderr);
  } catch {
    return undefined;
  }
}

/** @param about what `nginx -V` says */
export function describe(executable: string, about: string): Nginx | undefined {
  const version = /^nginx version: \S+?\/(\S+)/m.exec(about)?.[1];
  if (version === undefined) return undefined;
  const upstreams = UPSTREAMS.filter((kind) => !about.includes(`--without-http_${kind}_module`));
  return { executable, version, upstreams };
}

/**
 * A whole nginx.conf around the files in `conf.d`, with what the image's own says; all that it writes stays in
 * `folder`. The error log goes to stderr.
 */
export function mainConfiguration(folder: string, nginx: Nginx): string {
  const at = (name: string) => JSON.stringify(`${folder}/${name}`);
  return `pid ${at('nginx.pid')};
error_log stderr warn;
worker_processes 1;
events {
  worker_connections 1024;
}
http {
  default_type application/octet-stream;
  access_log ${at('access.log')};
  sendfile on;
  keepalive_timeout 65;
  client_body_temp_path ${at('tmp/client_body')};
${nginx.upstreams.map((kind) => `  ${kind}_temp_path ${at(`tmp/${kind}`)};\n`).join('')}  include ${at('conf.d/*.conf')};
}
`;
}

/** Arguments that let nginx run in the foreground out of `folder`. */
export function nginxArguments(folder: string, { version }: Nginx): readonly string[] {
  const [, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  // 1.19.5 is the first that can be told to leave the system's error log alone before it reads its configuration.
  const knowsErrorLog = !version.startsWith('1.') || minor > 19 || (minor === 19 && patch >= 5);
  return [
    '-p',
    `${folder}/`,
    '-c',
    `${folder}/nginx.conf`,
    ...(knowsErrorLog ? ['-e', 'stderr'] : []),
    '-g',
    'daemon off;',
  ];
}
