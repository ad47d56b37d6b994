import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { NaetmulError } from '../errors.ts';

/** Who has a TCP port open; `pid` and `command` are missing when the process belongs to another user. */
export interface Listener {
  readonly port: number;
  readonly pid?: number;
  readonly command?: string;
}

/** A TCP port on loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0] as number;
}

/** Several different free ports on loopback: all are held open until the last is known, so none is given twice. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject);
          server.listen({ port: 0, host: '127.0.0.1' }, () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** The process that listens on a TCP port, or undefined when there is none, or when it cannot be found out. */
export function findListener(port: number): Listener | undefined {
  return process.platform === 'linux' ? findListenerInProc(port) : findListenerWithLsof(port);
}

/** Names who listens on a TCP port, `node (pid 4242)`; undefined when that cannot be found out. */
export async function whoListens(port: number): Promise<string | undefined> {
  const listener = findListener(port);
  if (listener?.pid === undefined) return undefined;
  return listener.command === undefined ? `pid ${listener.pid}` : `${listener.command} (pid ${listener.pid})`;
}

/** True when a server could listen on that port of loopback now. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

/** A free port for each folder, and the same one again when a server is started anew in the same folder. */
export class StickyPorts {
  readonly #ports = new Map<string, number>();

  async portFor(dataDir: string): Promise<number> {
    const before = this.#ports.get(dataDir);
    if (before !== undefined && (await isFree(before))) return before;
    const port = await freePort();
    this.#ports.set(dataDir, port);
    return port;
  }
}

/** The error for a port that is taken: it names the holder and the way to choose another port. */
export async function portTaken(port: number, forWhat: string, remedy: string, cause?: unknown): Promise<NaetmulError> {
  const holder = (await whoListens(port)) ?? 'another program';
  return new NaetmulError('PORT_TAKEN', `Port ${port}, wanted for ${forWhat}, is taken by ${holder}.`, {
    remedy,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The value of `st` for a listening socket in /proc/net/tcp (include/net/tcp_states.h). */
const TCP_LISTEN = '0A';

function findListenerInProc(port: number): Listener | undefined {
  const inode = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => listeningInode(file, port)).find(Boolean);
  if (inode === undefined) return undefined;
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && holdsSocket(name, `socket:[${inode}]`)) {
      return { port, pid: Number(name), ...commandOf(name) };
    }
  }
  return { port };
}

function listeningInode(file: string, port: number): string | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  for (const line of readOrEmpty(file).split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(`:${wanted}`) && fields[3] === TCP_LISTEN) return fields[9];
  }
  return undefined;
}

function holdsSocket(pid: string, link: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === link;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

function commandOf(pid: string): { command?: string } {
  const command = readOrEmpty(`/proc/${pid}/comm`).trim();
  return command === '' ? {} : { command };
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function findListenerWithLsof(port: number): Listener | undefined {
  try {
    const out = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = /^p(\d+)$/m.exec(out)?.[1];
    const command = /^c(.+)$/m.exec(out)?.[1];
    return pid === undefined ? undefined : { port, pid: Number(pid), ...(command === undefined ? {} : { command }) };
  } catch {
    return undefined;
  }
}
