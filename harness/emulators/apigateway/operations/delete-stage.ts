import { DeleteStage$, type DeleteStageRequest } from '@aws-sdk/client-api-gateway';
import { findStage } from '../store/store.ts';
import { operation } from './operation.ts';

export const deleteStage = operation(DeleteStage$, ({ store }, input: DeleteStageRequest, call) => {
  const api = store.api(call, input.restApiId);
  const { stageName } = findStage(api, input.stageName);
  store.domains.refuseWhileMapped(api.id, stageName);
  api.stages.delete(stageName);
  return {};
});
