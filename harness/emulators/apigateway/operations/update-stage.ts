import { UpdateStage$, type UpdateStageRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, notSupported } from '../errors.ts';
import { MAX_ACCESS_LOG_FORMAT_BYTES } from '../limits.ts';
import { onlyReplace, type Patch, readPatches } from '../patch.ts';
import type { Account, RestApi, Stage } from '../store/model.ts';
import { stageShape } from '../store/shapes.ts';
import { findStage } from '../store/store.ts';
import { checkVariables } from './create-stage.ts';
import { invalidSettingPath, patchMethodSetting } from './method-settings.ts';
import { operation } from './operation.ts';

const UNSUPPORTED: Record<string, string> = {
  cacheClusterEnabled: 'caching',
  cacheClusterSize: 'caching',
  canarySettings: 'canary releases',
  clientCertificateId: 'client certificates',
  documentationVersion: 'documentation versions',
};

/** All patches are applied, or none. */
export const updateStage = operation(UpdateStage$, ({ store, clock }, input: UpdateStageRequest, call) => {
  const api = store.api(call, input.restApiId);
  const stage = findStage(api, input.stageName);
  const next: Stage = {
    ...stage,
    variables: new Map(stage.variables),
    methodSettings: new Map(stage.methodSettings),
    accessLogSettings: stage.accessLogSettings && { ...stage.accessLogSettings },
    lastUpdatedDate: new Date(clock.now()),
  };
  for (const patch of readPatches(input.patchOperations, 'updateStageInput')) {
    apply(patch, next, api, store.account(call));
  }
  checkVariables(Object.fromEntries(next.variables));
  api.stages.set(stage.stageName, next);
  return stageShape(next);
});

function apply(patch: Patch, stage: Stage, api: RestApi, account: Account): void {
  const { op, value = '' } = patch;
  const [member = '', key, ...rest] = patch.segments;
  if (patch.segments.length <= 2 && rest.length === 0) {
    switch (member) {
      case 'deploymentId':
        onlyReplace(patch);
        if (!api.deployments.has(value)) throw badRequest('Deployment id does not exist');
        stage.deploymentId = value;
        return;
      case 'description':
        stage.description = op === 'remove' || !value ? undefined : value;
        return;
      case 'variables':
        if (key === undefined) throw invalidSettingPath(patch);
        if (op === 'remove') stage.variables.delete(key);
        else stage.variables.set(key, value);
        return;
      case 'accessLogSettings':
        patchAccessLog(patch, key, stage);
        return;
      case 'tracingEnabled':
        if (value === 'true') throw notSupported('X-Ray tracing (patch path /tracingEnabled)');
        return;
      default:
    }
    if (Object.hasOwn(UNSUPPORTED, member)) {
      if (value === 'false') return;
      throw notSupported(`${UNSUPPORTED[member]} (patch path ${patch.path})`);
    }
  }
  patchMethodSetting(patch, stage, account);
}

function patchAccessLog(patch: Patch, key: string | undefined, stage: Stage): void {
  const { op, value } = patch;
  if (key === undefined && op === 'remove') {
    stage.accessLogSettings = undefined;
    return;
  }
  if (op === 'remove') {
    throw badRequest(
      `Cannot remove method setting accessLogSettings/${key} because there is no method setting for this method `,
    );
  }
  if (key !== 'destinationArn' && key !== 'format') {
    throw badRequest(
      'Invalid accessLogSettings path. ' +
        'Must be one of : [/accessLogSettings/destinationArn, /accessLogSettings/format]',
    );
  }
  if (!value) throw badRequest('Access Log value must not be empty');
  if (key === 'format') checkFormat(value);
  else checkDestination(value.replace(/:\*$/, ''));
  stage.accessLogSettings = { ...stage.accessLogSettings, [key]: value.replace(/:\*$/, '') };
}

const GROUP_NAME = /^[\w\-/.#]{1,512}$/;
/** Developer guide, "Logging API calls to Amazon Data Firehose". */
const DELIVERY_STREAM = /^deliverystream\/amazon-apigateway-[\w.-]+$/;

/** `:*` at the end of a group's ARN, as CloudFormation gives it, is taken off before. */
function checkDestination(arn: string): void {
  if (!arn.startsWith('arn:')) {
    throw badRequest(`Invalid ARN specified in the request. ARNs must start with 'arn:': ${arn}`);
  }
  const [, , service, , , ...resource] = arn.split(':');
  if (service === 'logs' && resource[0] === 'log-group') {
    if (GROUP_NAME.test(resource.slice(1).join(':'))) return;
    throw badRequest(
      "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': " +
        `'${resource.join(':')}'`,
    );
  }
  if (service === 'firehose' && DELIVERY_STREAM.test(resource.join(':'))) return;
  throw badRequest(
    'Invalid ARN specified in the request. It must be of a CloudWatch Logs log group, or of a Firehose delivery ' +
      `stream whose name begins with amazon-apigateway-: ${arn}`,
  );
}

function checkFormat(format: string): void {
  if (Buffer.byteLength(format) > MAX_ACCESS_LOG_FORMAT_BYTES) {
    throw badRequest(`Access log format exceeds the maximum of ${MAX_ACCESS_LOG_FORMAT_BYTES} bytes`);
  }
  if (/[\r\n]/.test(format.replace(/\r?\n$/, ''))) {
    throw badRequest(
      'Access Log format must be single line, new line character is allowed only at end of the format: ' +
        `'${format}'`,
    );
  }
  if (!/\$(?:context|\{context)\.(?:requestId|extendedRequestId)\b/.test(format)) {
    throw badRequest(
      `Access Log format must include either $context.requestId or $context.extendedRequestId : '${format}'`,
    );
  }
}
