import { CreateStage$, type CreateStageRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, conflict, limitExceeded, refuse } from '../errors.ts';
import {
  MAX_STAGE_VARIABLE_NAME,
  MAX_STAGE_VARIABLE_VALUE,
  MAX_STAGE_VARIABLES,
  MAX_STAGES,
  STAGE_NAME,
  STAGE_VARIABLE_NAME,
  STAGE_VARIABLE_VALUE,
} from '../limits.ts';
import type { RestApi, Stage } from '../store/model.ts';
import { stageShape } from '../store/shapes.ts';
import { findDeployment } from '../store/store.ts';
import { operation } from './operation.ts';

export const createStage = operation(CreateStage$, ({ store, clock }, input: CreateStageRequest, call) => {
  const api = store.api(call, input.restApiId);
  refuse(input.cacheClusterEnabled, 'caching (cacheClusterEnabled)');
  refuse(input.canarySettings, 'canary releases (canarySettings)');
  refuse(input.tracingEnabled, 'X-Ray tracing (tracingEnabled)');
  refuse(input.documentationVersion, 'documentation versions (documentationVersion)');
  checkVariables(input.variables);
  const deployment = findDeployment(api, input.deploymentId);
  const stage = addStage(api, new Date(clock.now()), {
    stageName: input.stageName ?? '',
    deploymentId: deployment.id,
    description: input.description,
    variables: input.variables,
    tags: input.tags,
  });
  return stageShape(stage);
});

interface NewStage {
  readonly stageName: string;
  readonly deploymentId: string;
  readonly description: string | undefined;
  readonly variables: Readonly<Record<string, string>> | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export function addStage(api: RestApi, now: Date, made: NewStage): Stage {
  if (!STAGE_NAME.test(made.stageName)) throw badRequest('Stage name only allows a-zA-Z0-9_-');
  if (api.stages.has(made.stageName)) throw conflict('Stage already exists');
  if (api.stages.size >= MAX_STAGES) throw limitExceeded('Maximum number of Stages for this API has been reached');
  const stage: Stage = {
    stageName: made.stageName,
    createdDate: now,
    lastUpdatedDate: now,
    deploymentId: made.deploymentId,
    description: made.description,
    variables: new Map(Object.entries(made.variables ?? {})),
    tags: new Map(Object.entries(made.tags ?? {})),
    methodSettings: new Map(),
  };
  api.stages.set(stage.stageName, stage);
  return stage;
}

export function checkVariables(variables: Readonly<Record<string, string>> | undefined): void {
  const entries = Object.entries(variables ?? {});
  if (entries.length > MAX_STAGE_VARIABLES)
    throw limitExceeded(`A stage can have at most ${MAX_STAGE_VARIABLES} variables`);
  for (const [name, value] of entries) {
    if (!STAGE_VARIABLE_NAME.test(name) || name.length > MAX_STAGE_VARIABLE_NAME) {
      throw badRequest('Stage variable name only allow a-zA-Z0-9_');
    }
    if (!STAGE_VARIABLE_VALUE.test(value) || value.length > MAX_STAGE_VARIABLE_VALUE) {
      throw badRequest('Stage variable value should match the pattern [A-Za-z0-9-._~:/?#&=,]+');
    }
  }
}
