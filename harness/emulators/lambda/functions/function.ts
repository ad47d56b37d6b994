import type { FunctionConfiguration, VpcConfig, VpcConfigResponse } from '@aws-sdk/client-lambda';
import type { FunctionRevision } from '../model.ts';

/** What a function runs. */
export interface Code {
  /** base64. */
  readonly sha256: string;
  /** Bytes of the zip file; 0 for a developer's own folder. */
  readonly size: number;
  /** The unpacked files. */
  readonly dir: string;
  readonly live: boolean;
}

/** What a function is configured with, with AWS's defaults. */
export interface Configuration {
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memorySize: number;
  /** Undefined and empty are shown differently. */
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly architecture: string;
  /** MB. */
  readonly ephemeralStorage: number;
  readonly tracingMode: string;
  readonly snapStart: string;
  readonly logGroup: string;
  readonly deadLetterArn: string | undefined;
  readonly vpc: VpcConfig | undefined;
}

/** An event invoke config: what was given, and when. */
export interface EventInvokeConfig {
  readonly maximumRetryAttempts: number | undefined;
  /** Seconds. */
  readonly maximumEventAge: number | undefined;
  readonly onSuccess: string | undefined;
  readonly onFailure: string | undefined;
  readonly lastModified: Date;
}

/** A statement of a function's resource policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface LambdaFunction {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly arn: string;
  code: Code;
  configuration: Configuration;
  /** ms since the epoch, of the newest change of code or configuration. */
  lastModified: number;
  /** What the API shows and checks: it changes with permissions, too. */
  revisionId: string;
  /** What it runs as, replaced whenever any of it changes. */
  revision: FunctionRevision;
  reservedConcurrency: number | undefined;
  eventInvokeConfig: EventInvokeConfig | undefined;
  statements: readonly Statement[];
  readonly tags: Map<string, string>;
  recursiveLoop: 'Allow' | 'Terminate';
  runtimeManagement: { readonly updateRuntimeOn: string; readonly runtimeVersionArn: string | undefined };
}

/** What a function runs as. `deploymentId` changes with its code and its configuration, and with nothing else. */
export function revisionOf(
  of: Pick<LambdaFunction, 'name' | 'region' | 'accountId' | 'arn' | 'code' | 'configuration' | 'reservedConcurrency'>,
  deploymentId: string,
): FunctionRevision {
  const { configuration, code } = of;
  return {
    name: of.name,
    region: of.region,
    accountId: of.accountId,
    arn: of.arn,
    role: configuration.role,
    runtime: configuration.runtime,
    handler: configuration.handler,
    codeDir: code.dir,
    live: code.live,
    timeoutMs: configuration.timeout * 1000,
    memoryMb: configuration.memorySize,
    ephemeralStorageMb: configuration.ephemeralStorage,
    environment: configuration.environment ?? {},
    reservedConcurrency: of.reservedConcurrency,
    logGroup: configuration.logGroup,
    revisionId: deploymentId,
  };
}

/** A runtime's build; AWS's is a hash of it. */
const RUNTIME_BUILD = '0'.repeat(64);

/**
 * What the answers show of a function. `moment`: a change is answered before it is done, and lists leave its state
 * out.
 */
export function shapeOf(
  of: LambdaFunction,
  moment: 'created' | 'updated' | 'settled' | 'listed',
): FunctionConfiguration {
  const { configuration, code } = of;
  const { environment, deadLetterArn, vpc } = configuration;
  return {
    FunctionName: of.name,
    FunctionArn: of.arn,
    Runtime: configuration.runtime as never,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: code.size,
    Description: configuration.description,
    Timeout: configuration.timeout,
    MemorySize: configuration.memorySize,
    LastModified: formatLastModified(of.lastModified),
    CodeSha256: code.sha256,
    Version: '$LATEST',
    ...(environment ? { Environment: { Variables: environment } } : {}),
    ...(deadLetterArn ? { DeadLetterConfig: { TargetArn: deadLetterArn } } : {}),
    ...(vpc ? { VpcConfig: vpcShape(vpc) } : {}),
    TracingConfig: { Mode: configuration.tracingMode as never },
    RevisionId: of.revisionId,
    ...STATES[moment],
    PackageType: 'Zip',
    Architectures: [configuration.architecture as never],
    EphemeralStorage: { Size: configuration.ephemeralStorage },
    SnapStart: { ApplyOn: configuration.snapStart as never, OptimizationStatus: 'Off' },
    ...(moment === 'listed'
      ? {}
      : { RuntimeVersionConfig: { RuntimeVersionArn: `arn:aws:lambda:${of.region}::runtime:${RUNTIME_BUILD}` } }),
    LoggingConfig: { LogFormat: 'Text', LogGroup: configuration.logGroup },
  };
}

const CREATING = 'The function is being created.';
const STATES: Readonly<Record<string, Partial<FunctionConfiguration>>> = {
  created: { State: 'Pending', StateReason: CREATING, StateReasonCode: 'Creating' },
  updated: {
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReason: CREATING,
    LastUpdateStatusReasonCode: 'Creating' as never,
  },
  settled: { State: 'Active', LastUpdateStatus: 'Successful' },
};

/** There are no networks: the VPC of the subnets is made up. */
function vpcShape({
  SubnetIds = [],
  SecurityGroupIds = [],
  Ipv6AllowedForDualStack = false,
}: VpcConfig): VpcConfigResponse {
  return { SubnetIds, SecurityGroupIds, VpcId: SubnetIds.length > 0 ? 'vpc-00000000' : '', Ipv6AllowedForDualStack };
}

/** `2021-09-03T09:14:49.123+0000`. */
function formatLastModified(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000');
}
