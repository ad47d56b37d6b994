import type { EmulatorContext } from '../../../edge/emulator.ts';
import type { Authorizers } from '../access/authorizers.ts';
import { createAccessGate } from '../access/gate.ts';
import type { Store } from '../store/store.ts';
import { createUsageGate } from '../usage/gate.ts';
import { createValidationGate } from '../validation/gate.ts';
import type { Exchange } from './exchange.ts';
import type { MethodRuntime, Runtime } from './runtime.ts';

/**
 * A step that a request passes after its method is known and before its integration is asked. It ends the request by
 * throwing a `GatewayFailure`, and writes into the exchange what later steps and templates need.
 */
export interface Gate {
  pass(exchange: Exchange, method: MethodRuntime, runtime: Runtime): Promise<void> | void;
}

export interface Gates {
  /** Who may come in: authorization, then API key and usage plan, then throttling. */
  readonly admission: readonly Gate[];
  /** What is let in is looked at: required parameters, the body's model. */
  readonly validation: readonly Gate[];
}

/** In the order in which AWS applies them. */
export function createGates(context: EmulatorContext, store: Store, authorizers: Authorizers): Gates {
  return {
    admission: [createAccessGate(authorizers), createUsageGate(context, store)],
    validation: [createValidationGate()],
  };
}
