import * as api from '@aws-sdk/client-iot-data-plane';
import type { Random } from '../../../clock/index.ts';
import type { Emulator } from '../../../edge/emulator.ts';
import type { MetricSink } from '../../../edge/sinks.ts';
import type { Ledger } from '../../../ledger/index.ts';
import type { MessageBroker } from '../model.ts';
import { makeRefusals } from '../operations/refusals.ts';
import { deleteConnection } from './delete-connection.ts';
import { publish } from './publish.ts';
import { getRetainedMessage, listRetainedMessages } from './retained.ts';

export interface DataPlaneParts {
  readonly broker: MessageBroker;
  readonly ledger: Ledger;
  readonly metrics: MetricSink;
  readonly random: Random;
}

/** The names that requests are signed with: that of the SDKs, and that of the device gateway. */
const SIGNING_NAMES = ['iotdata', 'iotdevicegateway'];

/** Publishing over HTTPS and what else there is of the data plane, once for each name. */
export function dataPlanes(parts: DataPlaneParts): Emulator[] {
  const played = [deleteConnection, getRetainedMessage, listRetainedMessages, publish].map((make) => make(parts));
  const operations = [...played, ...makeRefusals(api, played)];
  return SIGNING_NAMES.map((service) => ({ service, protocol: { kind: 'rest-json' }, operations }));
}
