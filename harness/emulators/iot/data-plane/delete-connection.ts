import { DeleteConnection$, type DeleteConnectionRequest } from '@aws-sdk/client-iot-data-plane';
import type { Operation } from '../../../edge/emulator.ts';
import { errors, refuse } from '../errors.ts';
import type { DataPlaneParts } from './index.ts';

export function deleteConnection({ broker }: DataPlaneParts): Operation {
  const operation: Operation<DeleteConnectionRequest, void> = {
    schema: DeleteConnection$,
    run({ clientId = '', cleanSession, preventWillMessage }) {
      refuse(cleanSession, 'cleanSession of DeleteConnection');
      refuse(preventWillMessage, 'preventWillMessage of DeleteConnection');
      if (!broker.disconnect(clientId)) throw errors.notFound(`No connection found for client ID: ${clientId}`);
    },
  };
  return operation as Operation;
}
