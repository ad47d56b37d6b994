import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { errors, refuse } from '../errors.ts';
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_ENVIRONMENT_BYTES,
  MAX_EPHEMERAL_STORAGE,
  MAX_HANDLER_LENGTH,
  MAX_MEMORY,
  MAX_TIMEOUT,
  MIN_MEMORY,
  RETIRED_RUNTIMES,
  RUNTIMES,
} from '../limits.ts';
import { RESERVED_VARIABLES } from '../runtimes/index.ts';
import type { Violations } from './violations.ts';

type Configuring = Omit<Partial<CreateFunctionRequest>, 'Code'> & Partial<UpdateFunctionConfigurationRequest>;

const ROLE = 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+';
const TARGET = '(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()';
const LOG_GROUP = '[\\.\\-_/#A-Za-z0-9]+';
const ARCHITECTURES = ['x86_64', 'arm64'];
const VARIABLE_NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/** The constraints of the API's model on what CreateFunction and UpdateFunctionConfiguration have in common. */
export function checkModel(input: Configuring, violations: Violations): void {
  violations.text('role', input.Role, 0, Number.POSITIVE_INFINITY, ROLE);
  violations.text('handler', input.Handler, 0, MAX_HANDLER_LENGTH, '[^\\s]+');
  violations.text('description', input.Description, 0, MAX_DESCRIPTION_LENGTH);
  violations.range('timeout', input.Timeout, 1, MAX_TIMEOUT);
  violations.range('memorySize', input.MemorySize, MIN_MEMORY, MAX_MEMORY);
  violations.range('ephemeralStorage.size', input.EphemeralStorage?.Size, 512, MAX_EPHEMERAL_STORAGE);
  violations.text('deadLetterConfig.targetArn', input.DeadLetterConfig?.TargetArn, 0, Number.POSITIVE_INFINITY, TARGET);
  violations.oneOf('tracingConfig.mode', input.TracingConfig?.Mode, ['Active', 'PassThrough']);
  violations.oneOf('snapStart.applyOn', input.SnapStart?.ApplyOn, ['PublishedVersions', 'None']);
  violations.oneOf('loggingConfig.logFormat', input.LoggingConfig?.LogFormat, ['JSON', 'Text']);
  violations.text('loggingConfig.logGroup', input.LoggingConfig?.LogGroup, 1, 512, LOG_GROUP);
  violations.texts('vpcConfig.subnetIds', input.VpcConfig?.SubnetIds, 'subnet-[0-9a-z]*');
  violations.texts('vpcConfig.securityGroupIds', input.VpcConfig?.SecurityGroupIds, 'sg-[0-9a-zA-Z]*');
  const names = Object.keys(input.Environment?.Variables ?? {});
  if (names.some((name) => !VARIABLE_NAME.test(name))) {
    const keys = '[Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]';
    violations.add('Value', 'environment.variables', `Map keys must satisfy constraint: ${keys}`);
  }
}

export function checkArchitectures(given: readonly string[] | undefined, violations: Violations): void {
  if (given === undefined) return;
  const value = `Value '[${given.join(', ')}]'`;
  if (given.length < 1) violations.add(value, 'architectures', 'Member must have length greater than or equal to 1');
  if (given.length > 1) violations.add(value, 'architectures', 'Member must have length less than or equal to 1');
  else if (given.some((one) => !ARCHITECTURES.includes(one))) {
    const constraint = `[Member must satisfy enum value set: [${ARCHITECTURES.join(', ')}], Member must not be null]`;
    violations.add(value, 'architectures', `Member must satisfy constraint: ${constraint}`);
  }
}

/** What the model allows and Lambda does not, or naetmul does not. */
export function checkMeaning(input: Configuring, canRun: (runtime: string) => boolean): void {
  refuse(input.Layers, 'layers (Layers)');
  refuse(input.FileSystemConfigs, 'file systems (FileSystemConfigs)');
  refuse(input.ImageConfig, 'container images (ImageConfig)');
  refuse(input.KMSKeyArn, 'keys for environment variables (KMSKeyArn)');
  refuse(input.CodeSigningConfigArn, 'code signing (CodeSigningConfigArn)');
  refuse(input.TenancyConfig, 'tenants (TenancyConfig)');
  refuse(input.CapacityProviderConfig, 'capacity providers (CapacityProviderConfig)');
  refuse(input.DurableConfig, 'durable functions (DurableConfig)');
  if (input.LoggingConfig?.LogFormat === 'JSON') throw errors.unsupported('logs as JSON (LoggingConfig.LogFormat)');
  if (input.Runtime !== undefined) checkRuntime(input.Runtime, canRun);
  checkEnvironment(input.Environment?.Variables ?? {});
  const target = input.DeadLetterConfig?.TargetArn;
  if (target) checkDeadLetterTarget(target);
}

function checkRuntime(runtime: string, canRun: (runtime: string) => boolean): void {
  if (RETIRED_RUNTIMES.includes(runtime)) {
    throw errors.invalid(
      `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. ` +
        'We recommend you use a supported runtime while creating or updating functions.',
    );
  }
  if (!RUNTIMES.includes(runtime)) {
    throw errors.invalid(
      `Value ${runtime} at 'runtime' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: [${RUNTIMES.join(', ')}] or be a valid ARN`,
    );
  }
  if (!canRun(runtime)) throw errors.unsupported(`the runtime ${runtime}`);
}

function checkEnvironment(variables: Readonly<Record<string, string>>): void {
  const unable =
    'Lambda was unable to configure your environment variables because the environment variables you have provided ';
  const reserved = Object.keys(variables).filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0) {
    throw errors.invalid(
      `${unable}contains reserved keys that are currently not supported for modification. ` +
        `Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > MAX_ENVIRONMENT_BYTES) {
    throw errors.invalid(`${unable}exceeded the 4KB limit. String measured: ${measured}`);
  }
}

function checkDeadLetterTarget(arn: string): void {
  const service = arn.split(':')[2];
  if (service === 'sns') throw errors.unsupported('SNS topics as dead-letter queues (DeadLetterConfig.TargetArn)');
  if (service !== 'sqs') throw errors.invalid(`The provided dead letter target ARN ${arn} is invalid.`);
}
