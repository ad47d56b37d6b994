import { Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps, Agent as TlsAgent } from 'node:https';
import { isIP } from 'node:net';
import { unescape as decoded } from 'node:querystring';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { Answer } from '../../../fixtures/senders/index.ts';
import { machine } from '../../clock/index.ts';

/** How much of an answer is kept that is not a good one, in characters. */
const KEPT = 300;

/** Where requests go, and how. */
export interface Destination {
  /** With a user and a password for Basic authorization, or without. */
  readonly url: string;
  /** Another server than the one that the URL's name leads to. */
  readonly connectTo?: { readonly host: string; readonly port: number };
  /** PEM: whom the sender trusts, instead of the machine's authorities, and what it shows. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface HttpPost {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface HttpSender {
  /** Never rejects: that nothing comes back is an answer too. */
  post(post: HttpPost): Promise<Answer>;
  close(): void;
}

/** Posts on up to `connections` connections that are kept. */
export function createHttpSender({ url, connectTo, tls }: Destination, connections: number): HttpSender {
  const { protocol, username, password, hostname, host, port, pathname, search } = new URL(url);
  const isTls = protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: connections };
  const agent = isTls ? new TlsAgent({ ...agentOptions, ...tls }) : new Agent(agentOptions);
  // Not every resolver knows that names below localhost are this machine (RFC 6761).
  const name = hostname.replace(/^\[|\]$/g, '');
  const address = hostname.endsWith('.localhost') ? '127.0.0.1' : name;
  const base: RequestOptions = {
    method: 'POST',
    agent,
    host: connectTo?.host ?? address,
    port: connectTo?.port ?? (port === '' ? (isTls ? 443 : 80) : Number(port)),
    path: `${pathname}${search}`,
    ...(username === '' && password === '' ? {} : { auth: `${decoded(username)}:${decoded(password)}` }),
    ...(isTls ? tlsNameOf(name) : {}),
  };
  const open = isTls ? requestHttps : requestHttp;
  return {
    post: ({ body, headers, timeoutMs, signal }) =>
      new Promise((resolve) => {
        const request = open({ ...base, headers: { host, 'content-length': body.length, ...headers } });
        let isConnected = false;
        const end = (answer: Answer) => {
          timer.cancel();
          signal?.removeEventListener('abort', abort);
          resolve(answer);
        };
        const giveUp = (answer: Answer) => {
          end(answer);
          request.destroy();
        };
        const abort = () => giveUp({ outcome: isConnected ? 'broken' : 'unreachable', why: 'interrupted' });
        const timer = machine.setTimer(timeoutMs, () =>
          giveUp({ outcome: isConnected ? 'timeout' : 'unreachable', why: `no answer within ${timeoutMs} ms` }),
        );
        signal?.addEventListener('abort', abort);
        request.on('socket', (socket) => {
          isConnected = !socket.connecting;
          if (isConnected) return;
          socket.once(isTls ? 'secureConnect' : 'connect', () => {
            isConnected = true;
          });
        });
        request.on('response', (response) => {
          read(response, KEPT).then(end, (error) => end({ outcome: 'broken', why: describe(error) }));
        });
        request.on('error', (error) =>
          end({ outcome: isConnected && !isRefusedByTls(error) ? 'broken' : 'unreachable', why: describe(error) }),
        );
        request.end(body);
        if (signal?.aborted) abort();
      }),
    close: () => agent.destroy(),
  };
}

/** Addresses are no server names (RFC 6066, section 3), but the certificate must name them all the same. */
function tlsNameOf(name: string) {
  if (isIP(name) === 0) return { servername: name };
  return {
    servername: '',
    checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
  };
}

async function read(response: IncomingMessage, keep: number): Promise<Answer> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) if (text.length < keep) text += chunk;
  const status = response.statusCode ?? 0;
  const requestId = response.headers['x-amzn-requestid'];
  return {
    status,
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(status >= 200 && status < 300 ? {} : { why: text.slice(0, keep).trim() }),
  };
}

/** In TLS 1.3 a server says after the handshake that it does not want the client: nothing was taken. */
function isRefusedByTls({ code = '' }: NodeJS.ErrnoException): boolean {
  return /^ERR_SSL_.*ALERT/.test(code);
}

function describe({ code, message }: NodeJS.ErrnoException): string {
  return code !== undefined && !message.includes(code) ? `${message} (${code})` : message;
}
