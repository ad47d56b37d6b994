import type { DomainConfig, DomainStatus, OptionStatus } from '@aws-sdk/client-opensearch';
import type { AccessPolicy } from '../../policies/resource-policy.ts';
import type { Options } from './options.ts';

/** What tells domains apart, also those of one name of which one is just being deleted. */
export interface DomainKey {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  /** Of the endpoint's name: 26 letters and digits. */
  readonly endpointId: string;
}

/** A domain: a real server, or a part of the indices of one that all share, behind an endpoint of its own. */
export interface Domain extends DomainKey {
  /** ms since the epoch. */
  readonly createdAt: number;
  options: Options;
  policy: AccessPolicy;
  /** When each option was last changed, ms since the epoch, where it was. */
  readonly updatedAt: Map<string, number>;
  /** How often the configuration was changed; 1 as created. */
  version: number;
  /** True once the real server has been there for it. */
  active: boolean;
  readonly tags: Map<string, string>;
}

/** What is not of the domain itself: where the edge is reached, and whose domains go by their plain names. */
export interface Surroundings {
  /** `127.0.0.1:4566`. */
  readonly edgeHost: string;
  readonly defaultAccountId: string;
}

export function arnOf({ region, accountId, name }: Domain): string {
  return `arn:${partitionOf(region)}:es:${region}:${accountId}:domain/${name}`;
}

/** The first part of its endpoint's name on AWS. */
export function labelOf({ name, endpointId }: DomainKey): string {
  return `search-${name}-${endpointId}`;
}

/** As a host and a path, so that it is reached without DNS: see docs/decisions/0009-domain-endpoints-by-path.md. */
export function endpointOf(domain: Domain, { edgeHost, defaultAccountId }: Surroundings): string {
  const name = domain.accountId === defaultAccountId ? domain.name : labelOf(domain);
  return `${edgeHost}/_aws/es/${domain.region}/${name}`;
}

/** What the answers show of a domain. */
export function statusOf(domain: Domain, surroundings: Surroundings, deleted = false): DomainStatus {
  const { name, accountId, active, options } = domain;
  const { AutoTuneOptions, LogPublishingOptions, ...shown } = options;
  return {
    DomainId: `${accountId}/${name}`,
    DomainName: name,
    ARN: arnOf(domain),
    Created: true,
    Deleted: deleted,
    ...(active && { Endpoint: endpointOf(domain, surroundings) }),
    Processing: deleted || !active,
    UpgradeProcessing: false,
    ...shown,
    ...(Object.keys(LogPublishingOptions).length > 0 && { LogPublishingOptions }),
    AutoTuneOptions: {
      State: AutoTuneOptions.DesiredState,
      UseOffPeakWindow: AutoTuneOptions.UseOffPeakWindow ?? false,
    },
    ServiceSoftwareOptions: {
      CurrentVersion: '',
      NewVersion: '',
      UpdateAvailable: false,
      Cancellable: false,
      UpdateStatus: 'COMPLETED',
      Description: 'There is no software update available for this domain.',
      AutomatedUpdateDate: new Date(0),
      OptionalDeployment: true,
    },
    DomainProcessingStatus: deleted ? 'Deleting' : active ? 'Active' : 'Creating',
    ModifyingProperties: [],
  };
}

/** @param changed the options that the answer calls being processed */
export function configOf(domain: Domain, changed: readonly string[] = []): DomainConfig {
  const { createdAt, updatedAt, version, options } = domain;
  const entries = Object.entries({ ...options, VPCOptions: {} }).map(([name, Options]) => {
    const Status: OptionStatus = {
      CreationDate: new Date(createdAt),
      UpdateDate: new Date(updatedAt.get(name) ?? createdAt),
      UpdateVersion: version,
      State: changed.includes(name) ? 'Processing' : 'Active',
      PendingDeletion: false,
    };
    const isAutoTune = name === 'AutoTuneOptions';
    return [
      name,
      { Options, Status: isAutoTune ? { ...Status, State: options.AutoTuneOptions.DesiredState } : Status },
    ];
  });
  return Object.fromEntries(entries) as DomainConfig;
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
