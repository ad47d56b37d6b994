import { UpdateDeployment$, type UpdateDeploymentRequest } from '@aws-sdk/client-api-gateway';
import { onlyReplace, readPatches, unknownPath } from '../patch.ts';
import { deploymentShape } from '../store/shapes.ts';
import { findDeployment } from '../store/store.ts';
import { operation } from './operation.ts';

/** What was deployed stays; only what is said about it changes. */
export const updateDeployment = operation(UpdateDeployment$, ({ store }, input: UpdateDeploymentRequest, call) => {
  const deployment = findDeployment(store.api(call, input.restApiId), input.deploymentId);
  const patches = readPatches(input.patchOperations, 'updateDeploymentInput');
  for (const patch of patches) {
    if (patch.path !== '/description') throw unknownPath(patch, ['/description']);
    onlyReplace(patch);
  }
  const last = patches.at(-1);
  if (last) deployment.description = last.value || undefined;
  return deploymentShape(deployment);
});
