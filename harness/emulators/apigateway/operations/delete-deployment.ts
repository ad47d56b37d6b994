import { DeleteDeployment$, type DeleteDeploymentRequest } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors.ts';
import { findDeployment } from '../store/store.ts';
import { operation } from './operation.ts';

export const deleteDeployment = operation(DeleteDeployment$, ({ store }, input: DeleteDeploymentRequest, call) => {
  const api = store.api(call, input.restApiId);
  const deployment = findDeployment(api, input.deploymentId);
  if ([...api.stages.values()].some((stage) => stage.deploymentId === deployment.id)) {
    throw badRequest('Active stages pointing to this deployment must be moved or deleted');
  }
  api.deployments.delete(deployment.id);
  return {};
});
