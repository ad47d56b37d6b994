import {
  CreateDomainCommand,
  type CreateDomainCommandInput,
  DeleteDomainCommand,
  DescribeDomainCommand,
  type DomainStatus,
  OpenSearchClient,
} from '@aws-sdk/client-opensearch';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type Made, type ResourceContext } from './resource-type.ts';
import { flag, integer, json, type Tags, tags, text, textMap } from './schemas.ts';

const MAX_NAME_LENGTH = 28;
/** A domain may have a server of its own, and several may boot at once. */
const BOOT_MINUTES = 3;
const GONE = ['ResourceNotFoundException'];

/** What the types of both names have alike. */
export const sharedProperties = {
  AccessPolicies: json().optional(),
  AdvancedOptions: textMap().optional(),
  DomainEndpointOptions: z
    .strictObject({ EnforceHTTPS: flag().optional(), TLSSecurityPolicy: text().optional() })
    .optional(),
  DomainName: text().optional(),
  EBSOptions: z
    .strictObject({
      EBSEnabled: flag().optional(),
      Iops: integer().optional(),
      Throughput: integer().optional(),
      VolumeSize: integer().optional(),
      VolumeType: text().optional(),
    })
    .optional(),
  EncryptionAtRestOptions: z.strictObject({ Enabled: flag().optional(), KmsKeyId: text().optional() }).optional(),
  LogPublishingOptions: z
    .record(z.string(), z.strictObject({ CloudWatchLogsLogGroupArn: text().optional(), Enabled: flag().optional() }))
    .optional(),
  NodeToNodeEncryptionOptions: z.strictObject({ Enabled: flag().optional() }).optional(),
  SnapshotOptions: z.strictObject({ AutomatedSnapshotStartHour: integer().optional() }).optional(),
  Tags: tags().optional(),
};

export const clusterConfig = {
  ColdStorageOptions: z.strictObject({ Enabled: flag().optional() }).optional(),
  DedicatedMasterCount: integer().optional(),
  DedicatedMasterEnabled: flag().optional(),
  DedicatedMasterType: text().optional(),
  InstanceCount: integer().optional(),
  InstanceType: text().optional(),
  WarmCount: integer().optional(),
  WarmEnabled: flag().optional(),
  WarmType: text().optional(),
  ZoneAwarenessConfig: z.strictObject({ AvailabilityZoneCount: integer().optional() }).optional(),
  ZoneAwarenessEnabled: flag().optional(),
};

const domain = z.strictObject({
  ...sharedProperties,
  ClusterConfig: z.strictObject({ ...clusterConfig, MultiAZWithStandbyEnabled: flag().optional() }).optional(),
  EngineVersion: text().optional(),
  IPAddressType: text().optional(),
  OffPeakWindowOptions: z
    .strictObject({
      Enabled: flag().optional(),
      OffPeakWindow: z
        .strictObject({ WindowStartTime: z.strictObject({ Hours: integer(), Minutes: integer() }).optional() })
        .optional(),
    })
    .optional(),
  SoftwareUpdateOptions: z.strictObject({ AutoSoftwareUpdateEnabled: flag().optional() }).optional(),
});

export const openSearchDomain = defineResource({
  type: 'AWS::OpenSearchService::Domain',
  properties: domain,
  attributes: ['Arn', 'DomainArn', 'DomainEndpoint', 'Id'],
  async create({ Tags, ...properties }, context) {
    const input = { ...properties, DomainName: nameOf(properties, context), TagList: Tags as Tags };
    const command = new CreateDomainCommand(input as CreateDomainCommandInput);
    return madeOf((await clientOf(context).send(command)).DomainStatus);
  },
  ...domainLifecycle(),
});

/** What follows the creation is the same, whichever API it was called through. */
export function domainLifecycle() {
  return {
    complete: (_properties: unknown, { ref }: Made, context: ResourceContext) =>
      context.until(
        'the OpenSearch domain becoming active',
        async () => {
          const status = await describe(ref, context);
          return status?.Processing === false && status.Endpoint !== undefined ? madeOf(status) : undefined;
        },
        BOOT_MINUTES,
      ),
    exists: async (_properties: unknown, { ref }: Made, context: ResourceContext) =>
      (await describe(ref, context)) !== undefined,
    /** Whatever its DeletionPolicy: a bench keeps nothing. */
    async delete(_properties: unknown, { ref }: Made, context: ResourceContext) {
      await unless(GONE, () => clientOf(context).send(new DeleteDomainCommand({ DomainName: ref })));
      await context.until('the OpenSearch domain being gone', async () =>
        (await describe(ref, context)) === undefined ? true : undefined,
      );
    },
  };
}

export function nameOf({ DomainName }: { readonly DomainName?: string | undefined }, context: ResourceContext): string {
  return DomainName ?? context.physicalName({ maxLength: MAX_NAME_LENGTH, lowerCase: true });
}

export function madeOf({ DomainName = '', ARN = '', DomainId = '', Endpoint = '' }: Partial<DomainStatus> = {}): Made {
  return { ref: DomainName, attributes: { Arn: ARN, DomainArn: ARN, DomainEndpoint: Endpoint, Id: DomainId } };
}

function clientOf({ aws, region }: ResourceContext): OpenSearchClient {
  return aws.client(OpenSearchClient, region);
}

async function describe(name: string, context: ResourceContext): Promise<DomainStatus | undefined> {
  const command = new DescribeDomainCommand({ DomainName: name });
  return (await unless(GONE, () => clientOf(context).send(command)))?.DomainStatus;
}
