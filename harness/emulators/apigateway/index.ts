import type { Emulator, EmulatorContext, TlsNames } from '../../edge/emulator.ts';
import type { Faults } from '../../faults/index.ts';
import { Authorizers } from './access/authorizers.ts';
import { createDataPlane, type Sinks } from './data-plane/index.ts';
import { TruststoreReader } from './domain-names/read-truststore.ts';
import { makeOperations } from './operations/index.ts';
import { Store } from './store/store.ts';

export { FAULT_KINDS as API_GATEWAY_FAULTS } from './data-plane/faults.ts';
export type { Sinks } from './data-plane/index.ts';

export interface ApiGatewayOptions extends Sinks {
  /** For custom domain names; without it they answer over plain HTTP only. */
  readonly tls?: TlsNames | undefined;
  /** What is to go wrong on purpose. */
  readonly faults?: Faults | undefined;
}

/** Amazon API Gateway, REST APIs: the API that makes them, and the data plane that serves what is deployed. */
export function createApiGateway(context: EmulatorContext, options: ApiGatewayOptions): Emulator {
  const store = new Store();
  const { tls } = options;
  const { clock, random } = context;
  const authorizers = new Authorizers(context);
  const dataPlane = createDataPlane(context, store, { ...options, authorizers });
  return {
    service: 'apigateway',
    protocol: { kind: 'rest-json' },
    operations: makeOperations({
      store,
      clock,
      random,
      authorizers,
      testInvoke: dataPlane.testInvoke,
      truststores: new TruststoreReader(context),
      tls,
    }),
    dataPlane,
    async stop() {
      dataPlane.close();
    },
    async reset() {
      for (const name of store.domains.names()) tls?.drop(name);
      dataPlane.clear();
      store.clear();
      authorizers.clear();
    },
  };
}
