import type { CreateDomainRequest, DomainStatus, UpdateDomainConfigRequest } from '@aws-sdk/client-opensearch';
import { errors } from './errors.ts';
import { DEFAULT_ENGINE_VERSION, ENGINE_VERSIONS } from './versions.ts';

type Shown =
  | 'AccessPolicies'
  | 'AdvancedOptions'
  | 'AdvancedSecurityOptions'
  | 'ClusterConfig'
  | 'CognitoOptions'
  | 'DomainEndpointOptions'
  | 'EBSOptions'
  | 'EncryptionAtRestOptions'
  | 'IPAddressType'
  | 'LogPublishingOptions'
  | 'NodeToNodeEncryptionOptions'
  | 'OffPeakWindowOptions'
  | 'SnapshotOptions'
  | 'SoftwareUpdateOptions';

/** A domain's configuration, under the names of the 2021 API. Most of it is kept and shown, and does nothing here. */
export type Options = { readonly [Name in Shown]-?: NonNullable<DomainStatus[Name]> } & {
  readonly EngineVersion: string;
  readonly AutoTuneOptions: {
    readonly DesiredState: 'ENABLED' | 'DISABLED';
    readonly RollbackOnDisable: 'NO_ROLLBACK' | 'DEFAULT_ROLLBACK';
    readonly UseOffPeakWindow: boolean;
    readonly MaintenanceSchedules: [];
  };
};

/** What a new domain has where the request says nothing; as AWS was seen to answer, but for `EngineVersion`. */
const DEFAULTS: Options = {
  EngineVersion: DEFAULT_ENGINE_VERSION,
  ClusterConfig: {
    InstanceType: 'm4.large.search',
    InstanceCount: 1,
    DedicatedMasterEnabled: false,
    ZoneAwarenessEnabled: false,
    WarmEnabled: false,
    ColdStorageOptions: { Enabled: false },
    MultiAZWithStandbyEnabled: false,
  },
  EBSOptions: { EBSEnabled: false },
  AccessPolicies: '',
  IPAddressType: 'ipv4',
  SnapshotOptions: { AutomatedSnapshotStartHour: 0 },
  CognitoOptions: { Enabled: false },
  EncryptionAtRestOptions: { Enabled: false },
  NodeToNodeEncryptionOptions: { Enabled: false },
  AdvancedOptions: { override_main_response_version: 'false', 'rest.action.multi.allow_explicit_index': 'true' },
  LogPublishingOptions: {},
  DomainEndpointOptions: {
    EnforceHTTPS: false,
    TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07',
    CustomEndpointEnabled: false,
  },
  AdvancedSecurityOptions: { Enabled: false, InternalUserDatabaseEnabled: false, AnonymousAuthEnabled: false },
  AutoTuneOptions: {
    DesiredState: 'DISABLED',
    RollbackOnDisable: 'NO_ROLLBACK',
    UseOffPeakWindow: false,
    MaintenanceSchedules: [],
  },
  OffPeakWindowOptions: { Enabled: true, OffPeakWindow: { WindowStartTime: { Hours: 2, Minutes: 0 } } },
  SoftwareUpdateOptions: { AutoSoftwareUpdateEnabled: false },
};

/** GiB and type of a volume that the request does not describe further. */
const DEFAULT_VOLUME = { VolumeType: 'gp2', VolumeSize: 10 } as const;

/** Source: developer guide, "Amazon OpenSearch Service cluster configuration", advanced options. */
const ADVANCED_OPTIONS = [
  'indices.fielddata.cache.size',
  'indices.query.bool.max_clause_count',
  'override_main_response_version',
  'rest.action.multi.allow_explicit_index',
];

/** Instances with disks of their own; all others need EBS. Source: developer guide, supported instance types. */
const WITH_INSTANCE_STORE = /^(?:d2|i2|i3|i4g|i4i|i8g|im4gn|m3|oi2|r3|r6gd|r7gd|r8gd)\./;

/** Characters of a policy document. Source: API reference, PolicyDocument. */
const MAX_POLICY_LENGTH = 102_400;

type Given = Partial<Omit<CreateDomainRequest & UpdateDomainConfigRequest, 'DomainName' | 'TagList'>>;

/** The options of a new domain. Throws AwsError where AWS would, and for what is not supported. */
export function newOptions(given: Given): Options {
  return merged(DEFAULTS, given);
}

/** The options of a domain whose configuration is updated: what is given within an option replaces what is there. */
export function changedOptions(current: Options, given: Given): Options {
  return merged(current, given);
}

/** The names of the options that a request gives. */
export function namesOf(given: Given): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => (value !== undefined && name in DEFAULTS ? [name] : []));
}

function merged(base: Options, given: Given): Options {
  refuse(given);
  const options: Record<string, unknown> = { ...base };
  for (const name of namesOf(given)) {
    const [old, value] = [base[name as keyof Options], given[name as keyof Given]];
    options[name] = typeof value === 'object' && value !== null ? { ...(old as object), ...value } : value;
  }
  const result = options as unknown as Options;
  check(result);
  return result.EBSOptions.EBSEnabled
    ? { ...result, EBSOptions: { ...DEFAULT_VOLUME, ...result.EBSOptions } }
    : { ...result, EBSOptions: { EBSEnabled: false } };
}

function refuse(given: Given): void {
  const { VPCOptions, CognitoOptions, AdvancedSecurityOptions, DomainEndpointOptions, AutoTuneOptions } = given;
  if (Object.values(VPCOptions ?? {}).some((list) => list?.length)) {
    throw errors.unsupported('domains in a VPC (VPCOptions)');
  }
  if (CognitoOptions?.Enabled) throw errors.unsupported('CognitoOptions');
  if (AdvancedSecurityOptions?.Enabled) {
    throw errors.unsupported(
      'fine-grained access control (AdvancedSecurityOptions): the server has no security plugin',
    );
  }
  if (DomainEndpointOptions?.CustomEndpoint || DomainEndpointOptions?.CustomEndpointEnabled) {
    throw errors.unsupported('a CustomEndpoint');
  }
  if (AutoTuneOptions?.MaintenanceSchedules?.length)
    throw errors.unsupported('MaintenanceSchedules of AutoTuneOptions');
  const known = [...Object.keys(DEFAULTS), 'VPCOptions'];
  const other = Object.entries(given).find(([name, value]) => value !== undefined && !known.includes(name));
  if (other) throw errors.unsupported(`the parameter ${other[0]}`);
}

function check({ EngineVersion, ClusterConfig, EBSOptions, AdvancedOptions, AccessPolicies }: Options): void {
  if (!ENGINE_VERSIONS.includes(EngineVersion)) {
    throw errors.invalid(`Unsupported engine version: ${EngineVersion}. There are: ${ENGINE_VERSIONS.join(', ')}.`);
  }
  const types = [ClusterConfig.InstanceType, ClusterConfig.DedicatedMasterType];
  for (const type of types) {
    if (type !== undefined && !/^[a-z0-9]+\.[a-z0-9]+\.search$/.test(type)) {
      throw errors.invalidType(`Invalid instance type: ${type}`);
    }
  }
  const type = ClusterConfig.InstanceType ?? '';
  if (!EBSOptions.EBSEnabled && !WITH_INSTANCE_STORE.test(type)) {
    throw errors.invalid(`EBS storage must be selected for ${type}`);
  }
  for (const [name, value] of Object.entries(AdvancedOptions)) {
    if (!ADVANCED_OPTIONS.includes(name)) {
      throw errors.invalid(`Unrecognized advanced option '${name}' passed in advancedOptions.`);
    }
    if (name === 'override_main_response_version' && value === 'true') {
      throw errors.unsupported('the advanced option override_main_response_version: the server says its own version');
    }
  }
  if (AccessPolicies.length > MAX_POLICY_LENGTH) {
    const constraint = `Member must have length less than or equal to ${MAX_POLICY_LENGTH}`;
    throw errors.violations([
      `Value '${AccessPolicies}' at 'accessPolicies' failed to satisfy constraint: ${constraint}`,
    ]);
  }
}
