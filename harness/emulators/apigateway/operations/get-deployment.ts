import { GetDeployment$, type GetDeploymentRequest } from '@aws-sdk/client-api-gateway';
import { deploymentShape } from '../store/shapes.ts';
import { findDeployment } from '../store/store.ts';
import { operation } from './operation.ts';

export const getDeployment = operation(GetDeployment$, ({ store }, input: GetDeploymentRequest, call) =>
  deploymentShape(
    findDeployment(store.api(call, input.restApiId), input.deploymentId),
    input.embed?.includes('apisummary'),
  ),
);
