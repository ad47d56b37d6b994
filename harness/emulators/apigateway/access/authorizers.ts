import type { EmulatorContext, InternalResponse } from '../../../edge/emulator.ts';
import { INTERNAL_HEADERS } from '../../../edge/headers.ts';
import type { Exchange } from '../data-plane/exchange.ts';
import { javaMap, mask } from '../data-plane/execution-log.ts';
import {
  authorizerConfigurationError,
  authorizerFailure,
  GatewayFailure,
  unauthorized,
} from '../data-plane/gateway-failure.ts';
import { parseIntegrationUri } from '../integrations/aws-uri.ts';
import { throwIfUnreachable } from '../integrations/failures.ts';
import { checkPermission, functionArnOf } from '../integrations/lambda.ts';
import type { Authorizer } from '../store/model.ts';
import { type AuthorizerAnswer, InvalidAnswer, readAnswer } from './authorizer-answer.ts';
import { authorizerEvent } from './authorizer-event.ts';
import { type Identity, identityOf } from './identity.ts';

interface Kept {
  readonly answer: AuthorizerAnswer;
  /** Ms since the epoch. */
  readonly until: number;
}

/** Answers that are kept, beyond which the oldest are forgotten. A limit of naetmul's own. */
const MAX_KEPT = 10_000;

/** Asks Lambda authorizers, and keeps their answers for as long as each of them says. */
export class Authorizers {
  readonly #context: EmulatorContext;
  readonly #kept = new Map<string, Kept>();

  constructor(context: EmulatorContext) {
    this.#context = context;
  }

  /**
   * What the authorizer says of a request.
   *
   * @throws GatewayFailure UNAUTHORIZED, AUTHORIZER_CONFIGURATION_ERROR or AUTHORIZER_FAILURE
   */
  async ask(authorizer: Authorizer, methodArn: string, exchange: Exchange): Promise<AuthorizerAnswer> {
    const startedAt = this.#context.clock.now();
    const note = (status: number, error?: string) => {
      const latencyMs = this.#context.clock.now() - startedAt;
      exchange.phases.authorizer = { ...exchange.phases.authorizer, status, latencyMs, error };
    };
    try {
      const answer = await this.#ask(authorizer, methodArn, exchange);
      note(200);
      return answer;
    } catch (error) {
      if (error instanceof GatewayFailure) note(error.status, error.logged ?? error.message);
      throw error;
    }
  }

  async #ask(authorizer: Authorizer, methodArn: string, exchange: Exchange): Promise<AuthorizerAnswer> {
    const { log, context } = exchange;
    log?.info(`Starting authorizer: ${authorizer.id} for request: ${context.requestId}`);
    const identity = identityOf(authorizer, exchange);
    if (!identity || !isValid(authorizer, identity)) {
      log?.error(`Unauthorized request: ${context.requestId}`);
      throw unauthorized();
    }
    log?.trace(() => `Incoming identity: ${shown(authorizer, identity)}`);
    const answer = await this.#answerFor(authorizer, identity, methodArn, exchange);
    log?.trace(() => `Using valid authorizer policy for principal: ${mask(answer.principalId)}`);
    log?.info('Successfully completed authorizer execution');
    return answer;
  }

  /** Forgets what an API's authorizers have answered at a stage. */
  forget(apiId: string, stageName: string): void {
    const prefix = `${apiId}\n${stageName}\n`;
    for (const key of this.#kept.keys()) if (key.startsWith(prefix)) this.#kept.delete(key);
  }

  clear(): void {
    this.#kept.clear();
  }

  async #answerFor(
    authorizer: Authorizer,
    identity: Identity,
    methodArn: string,
    exchange: Exchange,
  ): Promise<AuthorizerAnswer> {
    const { clock } = this.#context;
    const ttlMs = authorizer.authorizerResultTtlInSeconds * 1000;
    // Without a source there is nothing to keep an answer by.
    const isKept = ttlMs > 0 && identity.size > 0;
    const key = [exchange.api.id, exchange.stage.stageName, authorizer.id, ...identity.values()].join('\n');
    const kept = isKept ? this.#kept.get(key) : undefined;
    if (kept && clock.now() < kept.until) {
      exchange.log?.trace(() => 'Using cached authorizer result');
      return kept.answer;
    }
    const answer = await this.#invoke(authorizer, authorizerEvent(authorizer, identity, methodArn, exchange), exchange);
    if (isKept) {
      this.#kept.delete(key);
      this.#kept.set(key, { answer, until: clock.now() + ttlMs });
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
    return answer;
  }

  async #invoke(authorizer: Authorizer, event: object, exchange: Exchange): Promise<AuthorizerAnswer> {
    const { log } = exchange;
    const response = await this.#send(authorizer, JSON.stringify(event), exchange);
    log?.trace(() => `Authorizer result body before parsing: ${response.body}`);
    if (response.status >= 300) throw authorizerFailure(`status ${response.status}: ${response.body}`);
    if (isRefusal(response)) {
      log?.error(`Unauthorized request: ${exchange.context.requestId}`);
      throw unauthorized();
    }
    try {
      return readAnswer(response.body);
    } catch (error) {
      if (!(error instanceof InvalidAnswer)) throw error;
      throw authorizerConfigurationError(error.message);
    }
  }

  async #send(authorizer: Authorizer, body: string, exchange: Exchange): Promise<InternalResponse> {
    const { log, received } = exchange;
    const uri = authorizer.authorizerUri.replace(
      /\$\{stageVariables\.([A-Za-z0-9_]+)\}/g,
      (_whole, name: string) => exchange.stageVariables.get(name) ?? '',
    );
    const target = parseIntegrationUri(uri);
    const functionArn = target && functionArnOf(target);
    if (!target || functionArn === undefined) throw authorizerConfigurationError(`Invalid authorizer URI: ${uri}`);
    const url = `https://lambda.${target.region}.amazonaws.com/${target.rest}`;
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    log?.trace(() => `Endpoint request URI: ${url}`);
    log?.trace(() => `Endpoint request headers: ${javaMap(Object.entries(headers))}`);
    log?.trace(() => `Endpoint request body after transformations: ${body}`);
    log?.trace(() => `Sending request to ${url}`);
    if (authorizer.authorizerCredentials === undefined) {
      const source = `arn:aws:execute-api:${exchange.api.region}:${exchange.api.accountId}:${exchange.api.id}`;
      await checkPermission(
        this.#context,
        functionArn,
        target.region,
        exchange,
        `${source}/authorizers/${authorizer.id}`,
      );
    }
    const sentAt = this.#context.clock.now();
    const response = await throwIfUnreachable(
      this.#context.aws.send({
        service: 'lambda',
        region: target.region,
        method: 'POST',
        target: `/${target.rest}`,
        headers: { ...headers, [INTERNAL_HEADERS.cause]: String(received) },
        body,
      }),
    );
    exchange.phases.authorizer = {
      status: response.status,
      latencyMs: 0,
      integrationStatus: response.status,
      integrationLatencyMs: this.#context.clock.now() - sentAt,
      requestId: response.headers['x-amzn-requestid'],
    };
    return response;
  }
}

/** A token that does not match the authorizer's expression is refused without asking the function. */
function isValid({ type, identityValidationExpression }: Authorizer, identity: Identity): boolean {
  if (type !== 'TOKEN' || !identityValidationExpression) return true;
  const [token = ''] = identity.values();
  return new RegExp(`^(?:${identityValidationExpression})$`, 'su').test(token);
}

/** A function that throws `Unauthorized`, and nothing else, says 401. */
function isRefusal({ headers, body }: InternalResponse): boolean {
  if (headers['x-amz-function-error'] === undefined) return false;
  try {
    return (JSON.parse(body.toString()) as { errorMessage?: unknown }).errorMessage === 'Unauthorized';
  } catch {
    return false;
  }
}

function shown({ type }: Authorizer, identity: Identity): string {
  if (type === 'TOKEN') return mask([...identity.values()][0] ?? '');
  return javaMap([...identity].map(([source, value]) => [source, mask(value)] as const));
}
