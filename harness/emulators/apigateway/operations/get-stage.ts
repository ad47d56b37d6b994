import { GetStage$, type GetStageRequest } from '@aws-sdk/client-api-gateway';
import { stageShape } from '../store/shapes.ts';
import { findStage } from '../store/store.ts';
import { operation } from './operation.ts';

export const getStage = operation(GetStage$, ({ store }, input: GetStageRequest, call) =>
  stageShape(findStage(store.api(call, input.restApiId), input.stageName)),
);
