import { GetDeployments$, type GetDeploymentsRequest } from '@aws-sdk/client-api-gateway';
import { deploymentShape } from '../store/shapes.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

export const getDeployments = operation(GetDeployments$, ({ store }, input: GetDeploymentsRequest, call) => {
  const deployments = [...store.api(call, input.restApiId).deployments.values()];
  const { items, position } = page(deployments, input, (deployment) => deployment.id);
  return { items: items.map((deployment) => deploymentShape(deployment)), position };
});
