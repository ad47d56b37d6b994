import * as api from '@aws-sdk/client-lambda';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';

/** Operations of the API that the emulator does not have, so that they are refused by name. */
const REFUSED = [
  api.AddLayerVersionPermission$,
  api.CheckpointDurableExecution$,
  api.CreateAlias$,
  api.CreateCapacityProvider$,
  api.CreateCodeSigningConfig$,
  api.CreateFunctionUrlConfig$,
  api.DeleteAlias$,
  api.DeleteCapacityProvider$,
  api.DeleteCodeSigningConfig$,
  api.DeleteFunctionCodeSigningConfig$,
  api.DeleteFunctionUrlConfig$,
  api.DeleteLayerVersion$,
  api.DeleteProvisionedConcurrencyConfig$,
  api.DeleteResourcePolicy$,
  api.GetAlias$,
  api.GetCapacityProvider$,
  api.GetCodeSigningConfig$,
  api.GetDurableExecution$,
  api.GetDurableExecutionHistory$,
  api.GetDurableExecutionState$,
  api.GetFunctionScalingConfig$,
  api.GetFunctionUrlConfig$,
  api.GetLayerVersion$,
  api.GetLayerVersionByArn$,
  api.GetLayerVersionPolicy$,
  api.GetProvisionedConcurrencyConfig$,
  api.GetResourcePolicy$,
  api.InvokeWithResponseStream$,
  api.ListCapacityProviders$,
  api.ListCodeSigningConfigs$,
  api.ListDurableExecutionsByFunction$,
  api.ListFunctionUrlConfigs$,
  api.ListFunctionVersionsByCapacityProvider$,
  api.ListFunctionsByCodeSigningConfig$,
  api.ListLayerVersions$,
  api.ListLayers$,
  api.ListProvisionedConcurrencyConfigs$,
  api.PublishLayerVersion$,
  api.PublishVersion$,
  api.PutFunctionCodeSigningConfig$,
  api.PutFunctionScalingConfig$,
  api.PutProvisionedConcurrencyConfig$,
  api.PutResourcePolicy$,
  api.RemoveLayerVersionPermission$,
  api.SendDurableExecutionCallbackFailure$,
  api.SendDurableExecutionCallbackHeartbeat$,
  api.SendDurableExecutionCallbackSuccess$,
  api.StopDurableExecution$,
  api.UpdateAlias$,
  api.UpdateCapacityProvider$,
  api.UpdateCodeSigningConfig$,
  api.UpdateFunctionUrlConfig$,
];

export function makeRefusals(): Operation[] {
  return REFUSED.map((schema) => ({
    schema,
    run() {
      throw errors.unsupported(`the operation ${schema[2]}`);
    },
  }));
}
