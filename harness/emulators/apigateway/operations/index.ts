import type { Operation } from '../../../edge/emulator.ts';
import { ACCESS_OPERATIONS } from '../access/operations/index.ts';
import { DOMAIN_NAME_OPERATIONS } from '../domain-names/operations/index.ts';
import { OPENAPI_OPERATIONS } from '../openapi/operations/index.ts';
import { testInvokeMethod } from '../test-invoke/operation.ts';
import { USAGE_OPERATIONS } from '../usage/operations/index.ts';
import { VALIDATION_OPERATIONS } from '../validation/operations/index.ts';
import { createDeployment } from './create-deployment.ts';
import { createResource } from './create-resource.ts';
import { createRestApi } from './create-rest-api.ts';
import { createStage } from './create-stage.ts';
import { deleteDeployment } from './delete-deployment.ts';
import { deleteGatewayResponse } from './delete-gateway-response.ts';
import { deleteIntegration } from './delete-integration.ts';
import { deleteIntegrationResponse } from './delete-integration-response.ts';
import { deleteMethod } from './delete-method.ts';
import { deleteMethodResponse } from './delete-method-response.ts';
import { deleteResource } from './delete-resource.ts';
import { deleteRestApi } from './delete-rest-api.ts';
import { deleteStage } from './delete-stage.ts';
import { getAccount } from './get-account.ts';
import { getDeployment } from './get-deployment.ts';
import { getDeployments } from './get-deployments.ts';
import { getGatewayResponse } from './get-gateway-response.ts';
import { getGatewayResponses } from './get-gateway-responses.ts';
import { getIntegration } from './get-integration.ts';
import { getIntegrationResponse } from './get-integration-response.ts';
import { getMethod } from './get-method.ts';
import { getMethodResponse } from './get-method-response.ts';
import { getResource } from './get-resource.ts';
import { getResources } from './get-resources.ts';
import { getRestApi } from './get-rest-api.ts';
import { getRestApis } from './get-rest-apis.ts';
import { getStage } from './get-stage.ts';
import { getStages } from './get-stages.ts';
import { getTags } from './get-tags.ts';
import type { OperationMaker, Parts } from './operation.ts';
import { putGatewayResponse } from './put-gateway-response.ts';
import { putIntegration } from './put-integration.ts';
import { putIntegrationResponse } from './put-integration-response.ts';
import { putMethod } from './put-method.ts';
import { putMethodResponse } from './put-method-response.ts';
import { makeRefusals } from './refusals.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';
import { updateAccount } from './update-account.ts';
import { updateDeployment } from './update-deployment.ts';
import { updateGatewayResponse } from './update-gateway-response.ts';
import { updateIntegration } from './update-integration.ts';
import { updateIntegrationResponse } from './update-integration-response.ts';
import { updateMethod } from './update-method.ts';
import { updateMethodResponse } from './update-method-response.ts';
import { updateResource } from './update-resource.ts';
import { updateRestApi } from './update-rest-api.ts';
import { updateStage } from './update-stage.ts';

const MAKERS: readonly OperationMaker[] = [
  createDeployment,
  createResource,
  createRestApi,
  createStage,
  deleteDeployment,
  deleteGatewayResponse,
  deleteIntegrationResponse,
  deleteIntegration,
  deleteMethodResponse,
  deleteMethod,
  deleteResource,
  deleteRestApi,
  deleteStage,
  getAccount,
  getDeployment,
  getDeployments,
  getGatewayResponse,
  getGatewayResponses,
  getIntegrationResponse,
  getIntegration,
  getMethodResponse,
  getMethod,
  getResource,
  getResources,
  getRestApi,
  getRestApis,
  getStage,
  getStages,
  getTags,
  putGatewayResponse,
  putIntegrationResponse,
  putIntegration,
  putMethodResponse,
  putMethod,
  tagResource,
  testInvokeMethod,
  untagResource,
  updateAccount,
  updateDeployment,
  updateGatewayResponse,
  updateIntegrationResponse,
  updateIntegration,
  updateMethodResponse,
  updateMethod,
  updateResource,
  updateRestApi,
  updateStage,
  ...ACCESS_OPERATIONS,
  ...DOMAIN_NAME_OPERATIONS,
  ...OPENAPI_OPERATIONS,
  ...USAGE_OPERATIONS,
  ...VALIDATION_OPERATIONS,
];

/** Every operation of the API: those that work, and those that say that they do not. */
export function makeOperations(parts: Parts): Operation[] {
  return [...MAKERS.map((make) => make(parts)), ...makeRefusals()];
}
