import { CreateFunction$, type CreateFunctionRequest, type FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Call } from '../../../edge/emulator.ts';
import { errors, refuse } from '../errors.ts';
import { type Configuration, type LambdaFunction, revisionOf, shapeOf } from '../functions/function.ts';
import {
  DEFAULT_EPHEMERAL_STORAGE,
  DEFAULT_MEMORY,
  DEFAULT_TIMEOUT,
  MAX_CODE_REQUEST_BYTES,
  MAX_TAGS,
} from '../limits.ts';
import { readFunctionName } from '../names.ts';
import { checkArchitectures, checkMeaning, checkModel } from './function-checks.ts';
import { operation } from './operation.ts';
import { Violations } from './violations.ts';

export const createFunction = operation(
  CreateFunction$,
  async (parts, input: CreateFunctionRequest, call): Promise<FunctionConfiguration> => {
    const { functions, clock, random } = parts;
    checkRequestSize(call, 'CreateFunction');
    const { name, arn } = readFunctionName('CreateFunction', call, input.FunctionName);
    check(input, parts.canRun);
    const { region, accountId } = call;
    functions.refuseTaken({ arn, name });
    const code = await parts.code.read(input.Code ?? {}, region);
    const made = {
      name,
      region,
      accountId,
      arn,
      code,
      configuration: configurationOf(name, input),
      lastModified: clock.now(),
      revisionId: random.uuid(),
      reservedConcurrency: undefined,
      eventInvokeConfig: undefined,
      statements: [],
      tags: new Map(Object.entries(input.Tags ?? {})),
      recursiveLoop: 'Terminate' as const,
      runtimeManagement: { updateRuntimeOn: 'Auto', runtimeVersionArn: undefined },
    };
    const added: LambdaFunction = { ...made, revision: revisionOf(made, random.uuid()) };
    functions.add(added);
    const shown = shapeOf(added, 'created');
    // It is active at once, and that is a revision of its own.
    added.revisionId = random.uuid();
    return shown;
  },
);

/** @throws RequestEntityTooLargeException */
export function checkRequestSize({ request }: Call, operationName: string): void {
  if (Number(request.headers['content-length'] ?? 0) > MAX_CODE_REQUEST_BYTES) {
    throw errors.tooLarge(
      `Request must be smaller than ${MAX_CODE_REQUEST_BYTES} bytes for the ${operationName} operation`,
    );
  }
}

function check(input: CreateFunctionRequest, canRun: (runtime: string) => boolean): void {
  const violations = new Violations();
  violations.required('role', input.Role);
  violations.required('code', input.Code);
  violations.oneOf('packageType', input.PackageType, ['Image', 'Zip']);
  checkArchitectures(input.Architectures, violations);
  checkModel(input, violations);
  violations.raise();
  if (input.PackageType === 'Image') throw errors.unsupported('container images (PackageType)');
  refuse(input.Publish, 'versions (Publish)');
  refuse(input.PublishTo, 'versions (PublishTo)');
  if (!input.Runtime || !input.Handler) {
    throw errors.invalid(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    );
  }
  checkMeaning(input, canRun);
  if (Object.keys(input.Tags ?? {}).length > MAX_TAGS) {
    throw errors.invalid('Number of tags exceeds resource tag limit.');
  }
}

function configurationOf(name: string, input: CreateFunctionRequest): Configuration {
  return {
    runtime: input.Runtime ?? '',
    handler: input.Handler ?? '',
    role: input.Role ?? '',
    description: input.Description ?? '',
    timeout: input.Timeout ?? DEFAULT_TIMEOUT,
    memorySize: input.MemorySize ?? DEFAULT_MEMORY,
    environment: input.Environment && (input.Environment.Variables ?? {}),
    architecture: input.Architectures?.[0] ?? 'x86_64',
    ephemeralStorage: input.EphemeralStorage?.Size ?? DEFAULT_EPHEMERAL_STORAGE,
    tracingMode: input.TracingConfig?.Mode ?? 'PassThrough',
    snapStart: input.SnapStart?.ApplyOn ?? 'None',
    logGroup: input.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
    deadLetterArn: input.DeadLetterConfig?.TargetArn || undefined,
    vpc: input.VpcConfig,
  };
}
