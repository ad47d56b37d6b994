import type { EmulatorContext } from '../../../edge/emulator.ts';
import type { Store } from '../store/store.ts';
import type { Exchange } from './exchange.ts';
import type { MethodRuntime, Runtime } from './runtime.ts';

/**
 * A step that a request passes after its method is known and before its integration is asked. It ends the request by
 * throwing a `GatewayFailure`, and writes into the exchange what later steps and templates need.
 */
export interface Gate {
  pass(exchange: Exchange, method: MethodRuntime, runtime: Runtime): Promise<void> | void;
}

/** In the order in which AWS applies them: authorization, API key and usage plan, throttling, validation. */
export function createGates(_context: EmulatorContext, _store: Store): readonly Gate[] {
  return [];
}
