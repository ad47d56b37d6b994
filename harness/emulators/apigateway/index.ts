import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import { Authorizers } from './access/authorizers.ts';
import { createDataPlane, type Sinks } from './data-plane/index.ts';
import { makeOperations } from './operations/index.ts';
import { Store } from './store/store.ts';

export type { Sinks } from './data-plane/index.ts';

/** Amazon API Gateway, REST APIs: the API that makes them, and the data plane that serves what is deployed. */
export function createApiGateway(context: EmulatorContext, options: Sinks): Emulator {
  const store = new Store();
  const { clock, random } = context;
  const authorizers = new Authorizers(context);
  const dataPlane = createDataPlane(context, store, { ...options, authorizers });
  return {
    service: 'apigateway',
    protocol: { kind: 'rest-json' },
    operations: makeOperations({ store, clock, random, authorizers }),
    dataPlane,
    async stop() {
      dataPlane.close();
    },
    async reset() {
      store.clear();
      authorizers.clear();
    },
  };
}
