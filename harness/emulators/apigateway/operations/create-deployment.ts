import { CreateDeployment$, type CreateDeploymentRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, notFound, refuse } from '../errors.ts';
import { newPartId } from '../store/ids.ts';
import type { ApiSnapshot, Deployment, RestApi } from '../store/model.ts';
import { deploymentShape } from '../store/shapes.ts';
import { addStage, checkVariables } from './create-stage.ts';
import { operation } from './operation.ts';

/** Freezes the API as it is now and, with a stage name, points that stage at it, making the stage if need be. */
export const createDeployment = operation(
  CreateDeployment$,
  ({ store, clock, random }, input: CreateDeploymentRequest, call) => {
    const api = store.api(call, input.restApiId);
    refuse(input.canarySettings, 'canary releases (canarySettings)');
    refuse(input.cacheClusterEnabled, 'caching (cacheClusterEnabled)');
    refuse(input.tracingEnabled, 'X-Ray tracing (tracingEnabled)');
    checkVariables(input.variables);
    checkComplete(api);
    const now = new Date(clock.now());
    const deployment: Deployment = {
      id: newPartId(random),
      createdDate: now,
      description: input.description,
      snapshot: snapshotOf(api),
    };
    if (input.stageName) {
      const stage = api.stages.get(input.stageName);
      if (stage) {
        stage.deploymentId = deployment.id;
        stage.lastUpdatedDate = now;
        for (const [name, value] of Object.entries(input.variables ?? {})) stage.variables.set(name, value);
      } else {
        addStage(api, now, {
          stageName: input.stageName,
          deploymentId: deployment.id,
          description: input.stageDescription,
          variables: input.variables,
        });
      }
    }
    api.deployments.set(deployment.id, deployment);
    return deploymentShape(deployment);
  },
);

export function snapshotOf(api: RestApi): ApiSnapshot {
  const { resources, gatewayResponses, apiKeySource, binaryMediaTypes, minimumCompressionSize, policy } = api;
  const { models, requestValidators, authorizers } = api;
  return structuredClone({
    resources,
    gatewayResponses,
    apiKeySource,
    binaryMediaTypes,
    minimumCompressionSize,
    policy,
    models,
    requestValidators,
    authorizers,
  });
}

function checkComplete(api: RestApi): void {
  const methods = [...api.resources.values()].flatMap((resource) => [...resource.methods.values()]);
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some((method) => !method.integration)) throw notFound('No integration defined for method');
}
