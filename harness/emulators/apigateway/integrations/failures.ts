import type { InternalResponse } from '../../../edge/emulator.ts';
import { GatewayFailure, integrationFailure } from '../data-plane/gateway-failure.ts';

const INTERNAL = 'InternalServerErrorException';

/** A backend that could not be asked, or whose answer was lost. */
export interface Unreachable extends GatewayFailure {
  /** True when the request may have been carried out nevertheless. */
  readonly outcomeUnknown: boolean;
}

/**
 * Turns what the edge answers in place of a server that is away into a `GatewayFailure`: 503 `ServiceUnavailable` when
 * the server was not there, 502 `BadGateway` when the connection broke before the answer. Anything else passes.
 */
export async function throwIfUnreachable(call: Promise<InternalResponse>): Promise<InternalResponse> {
  let response: InternalResponse;
  try {
    response = await call;
  } catch (error) {
    throw unreachable(error instanceof Error ? error.message : String(error), true);
  }
  if (response.status !== 502 && response.status !== 503) return response;
  const text = response.body.toString();
  const code = /"__type"\s*:\s*"([^"]*)"|<Code>([^<]*)<\/Code>/.exec(text);
  const name = (code?.[1] ?? code?.[2] ?? response.headers['x-amzn-errortype'])?.split('#').at(-1);
  if (response.status === 502 && name === 'BadGateway') throw unreachable(text, true);
  if (response.status === 503 && name === 'ServiceUnavailable') throw unreachable(text, false);
  return response;
}

export function unreachable(reason: string, outcomeUnknown: boolean): Unreachable {
  return Object.assign(integrationFailure(reason), { outcomeUnknown });
}

/** An HTTP endpoint that does not answer. `outcomeUnknown`: the request may have reached it. */
export function networkError(outcomeUnknown: boolean): Unreachable {
  const logged = `a network error communicating with endpoint${outcomeUnknown ? ': Connection is closed' : ''}`;
  const message = 'Network error communicating with endpoint';
  return Object.assign(new GatewayFailure('INTEGRATION_FAILURE', 504, INTERNAL, message, logged), { outcomeUnknown });
}

/** A function that failed, or answered what is no answer: the caller is told no more than that. */
export const badGateway = (logged?: string) =>
  new GatewayFailure('DEFAULT_5XX', 502, INTERNAL, 'Internal server error', logged);

export function isUnreachable(error: unknown): error is Unreachable {
  return error instanceof GatewayFailure && 'outcomeUnknown' in error;
}
