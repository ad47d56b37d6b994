import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import { createDataPlane, type Sinks } from './data-plane/index.ts';
import { makeOperations } from './operations/index.ts';
import { Store } from './store/store.ts';

export type { Sinks } from './data-plane/index.ts';

/** Amazon API Gateway, REST APIs: the API that makes them, and the data plane that serves what is deployed. */
export function createApiGateway(context: EmulatorContext, options: Sinks): Emulator {
  const store = new Store();
  const { clock, random } = context;
  return {
    service: 'apigateway',
    protocol: { kind: 'rest-json' },
    operations: makeOperations({ store, clock, random }),
    dataPlane: createDataPlane(context, store, options),
    async reset() {
      store.clear();
    },
  };
}
