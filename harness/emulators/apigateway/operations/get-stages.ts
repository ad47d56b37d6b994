import { GetStages$, type GetStagesRequest } from '@aws-sdk/client-api-gateway';
import { stageShape } from '../store/shapes.ts';
import { operation } from './operation.ts';

export const getStages = operation(GetStages$, ({ store }, input: GetStagesRequest, call) => {
  const stages = [...store.api(call, input.restApiId).stages.values()];
  const shown = input.deploymentId ? stages.filter((stage) => stage.deploymentId === input.deploymentId) : stages;
  return { item: shown.map(stageShape) };
});
