import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { DomainEndpoints, DomainRoute, EmulatorContext } from '../../../edge/emulator.ts';
import { causeOf, INTERNAL_HEADERS } from '../../../edge/headers.ts';
import { BodyTooLarge, type EdgeRequest, type EdgeResponse } from '../../../edge/http.ts';
import { endToEnd } from '../../../edge/raw-headers.ts';
import { type Caller, judge } from '../../../policies/resource-policy.ts';
import { arnOf, type Domain } from '../domain.ts';
import type { Domains } from '../domains.ts';
import { answers } from './answers.ts';
import { type Outcome, writeDown, writesDocuments } from './books.ts';
import { IndexClash, type Indices } from './indices.ts';
import { maxRequestBytes } from './limits.ts';
import { narrowed } from './narrow.ts';
import { Away, LostAnswer, wholeAnswer } from './server.ts';
import { type Targets, targetsOf } from './targets.ts';

/** What a compressed body may grow to when it is looked at. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** Answers at the endpoints of the domains: the access policy is asked, then the real server. */
export function createDomainEndpoints(domains: Domains, { ledger }: EmulatorContext): DomainEndpoints {
  return {
    async handle(request, route, accountId) {
      const domain = domains.at(route);
      if (domain === undefined) return answers.noSuchDomain(route.name, route.region);
      const caller: Caller = accountId === undefined ? 'anonymous' : { accountId };
      const noteOf = (targets: Targets) => (outcome: Outcome) => {
        if (!writesDocuments(request.method, targets) || request.headers[INTERNAL_HEADERS.observed] === 'no') return;
        const written = { targets, domain: domain.name, isApart: domains.areApart, cause: causeOf(request) };
        writeDown(ledger, written, outcome);
      };
      const refused = (response: EdgeResponse) => {
        noteOf(targetsOf(request.method, route.path, Buffer.alloc(0)))(outcomeOf(response));
        return response;
      };
      const refusal = refusalOf(request, route, domain, caller);
      if (refusal !== undefined) return refused(refusal);
      let body: Buffer;
      try {
        body = await request.body.bytes(maxRequestBytes(domain.options.ClusterConfig.InstanceType));
      } catch (error) {
        if (error instanceof BodyTooLarge) return refused(answers.tooLarge(error.limitBytes));
        throw error;
      }
      const targets = targetsOf(request.method, route.path, await unpacked(body, request.headers['content-encoding']));
      const isNoted = writesDocuments(request.method, targets);
      const note = noteOf(targets);
      return forward({ domains, domain, request, route, targets, body, isNoted, note });
    },
  };
}

interface Forwarding {
  readonly domains: Domains;
  readonly domain: Domain;
  readonly request: EdgeRequest;
  readonly route: DomainRoute;
  readonly targets: Targets;
  readonly body: Buffer;
  readonly isNoted: boolean;
  readonly note: (outcome: Outcome) => void;
}

async function forward(forwarding: Forwarding): Promise<EdgeResponse> {
  const { request, note } = forwarding;
  const refuse = (response: EdgeResponse) => {
    note(outcomeOf(response));
    return response;
  };
  try {
    return await throughTo(forwarding, refuse);
  } catch (error) {
    if (error instanceof Away) return refuse(answers.unavailable());
    if (error instanceof IndexClash) {
      return refuse(answers.refused(409, 'index_of_another_domain_exception', error.message));
    }
    if (error instanceof LostAnswer) {
      if (request.method === 'GET' || request.method === 'HEAD') return answers.unavailable();
      note({ kind: 'unknown', reason: error.message });
      return answers.badGateway();
    }
    throw error;
  }
}

/** Of an answer that is our own. */
function outcomeOf({ status, body }: EdgeResponse): Outcome {
  return { kind: 'answered', status, body: Buffer.from(String(body)) };
}

async function throughTo(
  { domains, domain, request, route, targets, body, isNoted, note }: Forwarding,
  refuse: (response: EdgeResponse) => EdgeResponse,
): Promise<EdgeResponse> {
  const { indices, server } = domains.storeOf(domain);
  const { method, rawHeaders, headers, signal } = request;
  if (targets.namesInBody && domain.options.AdvancedOptions['rest.action.multi.allow_explicit_index'] === 'false') {
    const reason = `explicit index in ${targets.api?.slice(1)} is not allowed`;
    return refuse(answers.refused(400, 'illegal_argument_exception', reason));
  }
  await indices.tidy();
  await indices.check(domain, targets.named);
  await indices.claim(domain, targets.created);

  const asset = assetOf(method, targets);
  const isOurs = asset !== undefined && (await indices.isOurs(asset));
  const path = narrowed(method, route.path, targets, indices.foreignTo(domain));
  const isRead = method === 'GET' || method === 'HEAD';
  const hasBody = body.length > 0 || headers['content-length'] !== undefined;
  const answer = await server.send({
    method,
    target: route.query === '' ? path : `${path}?${route.query}`,
    rawHeaders: withoutLength(endToEnd(rawHeaders)),
    ...(hasBody ? { body } : {}),
    // What writes is carried out whole, and then the ledger had better know how it ended.
    ...(isRead ? { signal } : {}),
  });
  const status = answer.statusCode ?? 502;
  const response = { status, headers: {}, rawHeaders: endToEnd(answer.rawHeaders) };
  if (status < 300 && isOurs) indices.addAsset(domain, asset);
  if (status < 300 && method === 'DELETE') noteDeletion(domains, domain, targets);
  const rollsOver = targets.api === '_rollover' && status < 300;
  if (!isNoted && !rollsOver) return { ...response, body: answer };

  const whole = await wholeAnswer(answer);
  const readable = await unpacked(whole, contentEncoding(answer));
  if (rollsOver) noteRollover(indices, domain, readable);
  note({ kind: 'answered', status, body: readable });
  return { ...response, body: whole };
}

/** What a domain does not let through to its server, before the body is read. */
function refusalOf(request: EdgeRequest, route: DomainRoute, domain: Domain, caller: Caller): EdgeResponse | undefined {
  const { method, remoteAddress: sourceIp } = request;
  const path = decoded(route.path);
  const action = `es:ESHttp${method.charAt(0)}${method.slice(1).toLowerCase()}`;
  const resource = arnOf(domain) + path;
  const verdict = judge(domain.policy, { caller, action, resource, sourceIp });
  // IAM is not emulated: what identities of the domain's own account may do is taken to be everything.
  const mayByIdentity = caller !== 'anonymous' && caller.accountId === domain.accountId;
  if (verdict === 'denied' || (verdict === 'not-allowed' && !mayByIdentity)) {
    const user = caller === 'anonymous' ? 'anonymous' : `arn:aws:iam::${caller.accountId}:root`;
    return answers.forbidden(user, action, verdict === 'denied');
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (/^\/_cluster\/settings\/?$/.test(path)) return answers.payloadNotAllowed('/_cluster/settings');
  return OF_THE_WHOLE_SERVER.test(path) ? answers.notAllowed(path) : undefined;
}

/** What would change the server that all domains share, and outlive a reset; AWS lets nobody do it either. */
const OF_THE_WHOLE_SERVER = /^\/_(?:cluster|dangling|nodes|remotestore|snapshot)(?:\/|$)/;

/** Things that are no indices and stay when the indices go. */
const ASSET =
  /^(?:_template|_index_template|_component_template|_data_stream|_scripts|_ingest\/pipeline|_search\/pipeline)\/[^/]+$/;

function assetOf(method: string, { segments }: Targets): string | undefined {
  const isPut = method === 'PUT' || method === 'POST';
  return isPut && ASSET.test(segments.join('/')) ? `/${segments.map(encodeURIComponent).join('/')}` : undefined;
}

function noteDeletion(domains: Domains, domain: Domain, { segments, expressions }: Targets): void {
  if (expressions.length === 0 || segments.length !== 1) return;
  const gone = domains.storeOf(domain).indices.release(domain, expressions);
  domains.noteGone(gone, `The index was deleted through the domain ${domain.name}.`);
}

function noteRollover(indices: Indices, domain: Domain, body: Buffer): void {
  const { rolled_over: done, new_index: name } = JSON.parse(body.toString()) as Record<string, unknown>;
  if (done === true && typeof name === 'string') indices.add(domain, name);
}

function contentEncoding({ headers }: IncomingMessage): string | undefined {
  return headers['content-encoding'];
}

/** A body to look at. One that cannot be unpacked is the server's to refuse. */
async function unpacked(body: Buffer, encoding: string | string[] | undefined): Promise<Buffer> {
  if (encoding !== 'gzip' || body.length === 0) return body;
  try {
    return await promisify(gunzip)(body, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    return Buffer.alloc(0);
  }
}

function withoutLength(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, at) => rawHeaders[at - (at % 2)]?.toLowerCase() !== 'content-length');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
