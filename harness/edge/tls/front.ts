import { constants } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { dirname } from 'node:path';
import { createSecureContext, createServer, type SecureContext, type Server, type TLSSocket } from 'node:tls';
import type { KeyAndCertificate } from '../../certificates/index.ts';
import { NaetmulError } from '../../errors.ts';
import type { TlsDemands, TlsNames } from '../emulator.ts';
import { customDomainsFor } from '../host.ts';
import type { TlsConnection } from '../http.ts';
import { localAuthority } from './authority.ts';

export interface TlsOptions {
  /** The address to listen on. Default: loopback. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The user's folder, where the authority that signs the certificates is kept. */
  readonly cacheDir: string;
  /** Where to write the authority's certificate for clients, PEM. */
  readonly caFile: string;
}

export interface TlsFrontParts extends TlsOptions {
  /** Takes over a connection once its TLS is spoken. */
  accept(socket: TLSSocket, tls: TlsConnection): void;
  describePortOwner?: ((port: number) => Promise<string | undefined>) | undefined;
}

/** Where clients reach custom domains over TLS, and what they are to trust. */
export interface TlsAddress {
  readonly host: string;
  readonly port: number;
  readonly caFile: string;
}

interface Served {
  readonly context: SecureContext;
  demands: TlsDemands;
}

/** Where this machine reaches it; unless another address is given, nobody else does. */
const HOST = '127.0.0.1';

/**
 * Speaks TLS for custom domain names, each with a certificate of its own by the name that the client asks for. Nothing
 * listens before there is a name.
 */
export class TlsFront implements TlsNames {
  readonly #parts: TlsFrontParts;
  readonly #served = new Map<string, Served>();
  /** Connections in their handshake, by the client's address and port. */
  readonly #handshakes = new Map<string, Socket>();
  #opening: Promise<KeyAndCertificate> | undefined;
  #server: Server | undefined;
  #closed = false;

  constructor(parts: TlsFrontParts) {
    this.#parts = parts;
  }

  /** Undefined while nothing listens. */
  get address(): TlsAddress | undefined {
    if (!this.#server?.listening) return undefined;
    return { host: HOST, port: (this.#server.address() as AddressInfo).port, caFile: this.#parts.caFile };
  }

  async serve(name: string, demands: TlsDemands): Promise<void> {
    const served = this.#served.get(name);
    if (served) {
      served.demands = demands;
      return;
    }
    this.#opening ??= this.#open();
    let authority: KeyAndCertificate;
    try {
      authority = await this.#opening;
    } catch (error) {
      // Whoever comes next may find the port free.
      this.#opening = undefined;
      throw error;
    }
    const { issueCertificate } = await import('../../certificates/index.ts');
    const names = name.endsWith('.localhost') ? [name] : [name, `${name}.localhost`];
    const { cert, key } = await issueCertificate(authority, {
      // The names themselves stand in the extension: a common name has no room for the longest.
      commonName: 'naetmul custom domain name',
      use: 'server',
      names: names.map((value) => ({ type: 'dns', value })),
    });
    this.#served.set(name, { context: createSecureContext({ cert, key, minVersion: 'TLSv1.2' }), demands });
  }

  drop(name: string): void {
    this.#served.delete(name);
  }

  /** Takes no more connections, and resolves when whoever accepted the others has ended them. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#opening?.catch(() => undefined);
    const server = this.#server;
    const closed = server && new Promise((resolve) => server.close(resolve));
    for (const socket of this.#handshakes.values()) socket.destroy();
    await closed;
  }

  async #open(): Promise<KeyAndCertificate> {
    const { cacheDir, caFile } = this.#parts;
    const authority = await localAuthority(cacheDir);
    mkdirSync(dirname(caFile), { recursive: true });
    writeFileSync(caFile, authority.cert);
    const server = createServer(
      {
        minVersion: 'TLSv1.2',
        ALPNProtocols: ['http/1.1'],
        // Every client is asked, since it is not known yet for which name it comes; whom to trust is judged later.
        requestCert: true,
        rejectUnauthorized: false,
        noDelay: true,
        // Every handshake is a full one: a session of TLS 1.2 that is taken up again does not tell Node its name, and none
        // of any version may bring a certificate along that is not shown. Without tickets there is nothing to take up, as
        // nobody keeps sessions for their ids. OpenSSL goes by the server's options, not by those of a name's context.
        secureOptions: constants.SSL_OP_NO_TICKET,
        // Without a certificate for the name there is none at all, which ends the handshake.
        SNICallback: (serverName, done) => done(null, this.#find(serverName)?.context),
      },
      (socket) => this.#take(socket),
    );
    server.on('connection', (socket: Socket) => {
      const client = clientOf(socket);
      this.#handshakes.set(client, socket);
      socket.once('close', () => this.#handshakes.delete(client));
    });
    // A client that does not trust the authority, or is not trusted, is its own trouble.
    server.on('tlsClientError', () => undefined);
    await this.#listen(server);
    this.#server = server;
    return authority;
  }

  async #listen(server: Server): Promise<void> {
    const { port, describePortOwner } = this.#parts;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject).listen({ port, host: this.#parts.host ?? HOST }, resolve);
    try {
      await promise;
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      const owner = code === 'EADDRINUSE' ? await describePortOwner?.(port).catch(() => undefined) : undefined;
      const why = code === 'EADDRINUSE' ? `is taken${owner ? ` by ${owner}` : ''}` : `cannot be opened: ${message}`;
      throw new NaetmulError('TLS_PORT', `Port ${port}, where custom domain names answer over TLS, ${why}.`, {
        remedy: 'Stop what uses it, or start naetmul with another port: --tls-port (0 takes a free one).',
        cause,
      });
    }
    server.off('error', reject);
    // A connection that cannot be accepted later (too many open files) is its client's to try again.
    server.on('error', () => undefined);
  }

  #find(serverName: string): Served | undefined {
    for (const { name } of customDomainsFor(serverName.toLowerCase())) {
      const served = this.#served.get(name);
      if (served) return served;
    }
    return undefined;
  }

  #take(socket: TLSSocket): void {
    this.#handshakes.delete(clientOf(socket));
    const serverName = (socket.servername || '').toLowerCase();
    const served = this.#find(serverName);
    const clientCertificate = socket.getPeerX509Certificate()?.raw;
    if (this.#closed || !served || (served.demands.clientCertificate && !clientCertificate)) {
      socket.destroy();
      return;
    }
    this.#parts.accept(socket, { serverName, clientCertificate });
  }
}

const clientOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
