import { Invoker } from './async/invoker.ts';
import type { AsyncInvoker, EventParts, EventSources } from './contract.ts';
import { Pollers } from './event-sources.ts';

export type { AsyncEvent, AsyncInvoker, EventParts, EventSources } from './contract.ts';
export { checkFilterPatterns } from './filter/index.ts';

/** Lambda's queue of asynchronous invocations. */
export function createAsyncInvoker(parts: EventParts): AsyncInvoker {
  return new Invoker(parts);
}

/**
 * The pollers of event source mappings.
 *
 * @param invoker invokes functions that are destinations
 */
export function createEventSources(parts: EventParts, invoker: Pick<AsyncInvoker, 'enqueue'>): EventSources {
  return new Pollers(parts, invoker);
}
