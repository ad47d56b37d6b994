import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import type { Issuer } from './certificates/issuer.ts';
import { dataPlanes } from './data-plane/index.ts';
import type { MessageBroker } from './model.ts';
import { makeOperations } from './operations/index.ts';
import type { IotRegistry } from './registry/registry.ts';
import { RuleRunner } from './rules/runner.ts';

export { IotRegistry } from './registry/registry.ts';

export interface IotOptions {
  /** The same one that the broker asks who its clients are. */
  readonly registry: IotRegistry;
  readonly broker: MessageBroker;
  readonly metrics: MetricSink;
}

/**
 * AWS IoT Core besides its message broker: the control plane, the data plane over HTTPS, and topic rules. What it does
 * as AWS does, and what not, is in docs/fidelity/iot.md.
 */
export function createIot(context: EmulatorContext, { registry, broker, metrics }: IotOptions): Emulator[] {
  const { clock, random, ledger, aws, log } = context;
  const rules = new RuleRunner({ clock, random, aws, ledger, log, metrics, registry, broker });
  const stopListening = broker.onPublished((message) => rules.published(message));
  let making: Promise<Issuer> | undefined;
  const issuer = (): Promise<Issuer> => {
    // Loaded when the first certificate is made: it takes some megabytes.
    making ??= import('./certificates/issuer.ts').then(({ createIssuer }) => createIssuer());
    return making;
  };
  const control: Emulator = {
    service: 'iot',
    protocol: { kind: 'rest-json' },
    operations: makeOperations({ clock, random, registry, issuer }),
    async stop() {
      stopListening();
    },
    async reset() {
      registry.clear();
      await broker.reset();
    },
  };
  return [control, ...dataPlanes({ broker, ledger, metrics, random })];
}
