import { FlushStageAuthorizersCache$, type FlushStageAuthorizersCacheRequest } from '@aws-sdk/client-api-gateway';
import { operation } from '../../operations/operation.ts';
import { findStage } from '../../store/store.ts';

export const flushStageAuthorizersCache = operation(
  FlushStageAuthorizersCache$,
  ({ store, authorizers }, input: FlushStageAuthorizersCacheRequest, call) => {
    const api = store.api(call, input.restApiId);
    authorizers.forget(api.id, findStage(api, input.stageName).stageName);
    return {};
  },
);
