import type { InternalResponse } from '../../../edge/emulator.ts';
import { GatewayFailure, integrationFailure } from '../data-plane/gateway-failure.ts';

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

export function isUnreachable(error: unknown): error is Unreachable {
  return error instanceof GatewayFailure && 'outcomeUnknown' in error;
}
