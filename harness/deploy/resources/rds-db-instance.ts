import {
  CreateDBInstanceCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource, type ResourceContext } from './resource-type.ts';
import { flag, integer, tags, text } from './schemas.ts';

const MAX_IDENTIFIER_LENGTH = 63;
const GONE = ['DBInstanceNotFound', 'DBInstanceNotFoundFault'];
const NOT_AVAILABLE = ['InvalidDBInstanceState', 'InvalidDBInstanceStateFault'];
/** From these an instance does not recover. Source: RDS user guide, "Viewing Amazon RDS DB instance status". */
const HOPELESS = ['failed', 'incompatible-create', 'incompatible-parameters'];

const dbInstance = z.strictObject({
  AllocatedStorage: integer().optional(),
  AutoMinorVersionUpgrade: flag().optional(),
  BackupRetentionPeriod: integer().optional(),
  CACertificateIdentifier: text().optional(),
  CopyTagsToSnapshot: flag().optional(),
  DBInstanceClass: text().optional(),
  DBInstanceIdentifier: text().optional(),
  DBName: text().optional(),
  DBSubnetGroupName: text().optional(),
  DeletionProtection: flag().optional(),
  Engine: text(),
  EngineVersion: text().optional(),
  MasterUsername: text(),
  MasterUserPassword: text(),
  MaxAllocatedStorage: integer().optional(),
  MultiAZ: flag().optional(),
  PreferredBackupWindow: text().optional(),
  PreferredMaintenanceWindow: text().optional(),
  Port: integer().optional(),
  PubliclyAccessible: flag().optional(),
  StorageEncrypted: flag().optional(),
  StorageType: text().optional(),
  Tags: tags().optional(),
  VPCSecurityGroups: z.array(text()).optional(),
});

export type DbInstanceProperties = z.output<typeof dbInstance>;

export const rdsDbInstance = defineResource({
  type: 'AWS::RDS::DBInstance',
  properties: dbInstance,
  attributes: ['DBInstanceArn', 'DbiResourceId', 'Endpoint.Address', 'Endpoint.Port'],
  async create({ DBInstanceIdentifier, VPCSecurityGroups, ...properties }, context) {
    const limits = { maxLength: MAX_IDENTIFIER_LENGTH, lowerCase: true };
    const { DBInstance } = await context.aws.client(RDSClient, context.region).send(
      new CreateDBInstanceCommand({
        ...properties,
        DBInstanceIdentifier: DBInstanceIdentifier ?? context.physicalName(limits),
        DBInstanceClass: properties.DBInstanceClass ?? 'db.t3.micro',
        VpcSecurityGroupIds: VPCSecurityGroups,
      }),
    );
    return madeOf(DBInstance ?? {});
  },
  async complete(_properties, made, context) {
    return context.until('the DB instance becoming available', async () => {
      const instance = await describe(made.ref, context);
      const { DBInstanceStatus: status = 'gone', StatusInfos: [info] = [] } = instance ?? {};
      if (HOPELESS.includes(status)) throw new Error(`its status is ${status}: ${info?.Message ?? 'no reason given'}`);
      return instance && status === 'available' ? madeOf(instance) : undefined;
    });
  },
  exists: async (_properties, { ref }, context) => (await describe(ref, context)) !== undefined,
  /** Whatever its DeletionPolicy and its DeletionProtection: a bench keeps nothing. */
  async delete({ DeletionProtection }, { ref }, context) {
    const rds = context.aws.client(RDSClient, context.region);
    if (DeletionProtection) {
      const unprotect = new ModifyDBInstanceCommand({ DBInstanceIdentifier: ref, DeletionProtection: false });
      await unless([...GONE, ...NOT_AVAILABLE], () => rds.send(unprotect));
    }
    const command = new DeleteDBInstanceCommand({ DBInstanceIdentifier: ref, SkipFinalSnapshot: true });
    await unless(GONE, () => rds.send(command));
    await context.until('the DB instance being gone', async () => {
      return (await describe(ref, context)) === undefined ? true : undefined;
    });
  },
});

function madeOf({ DBInstanceIdentifier = '', DBInstanceArn = '', DbiResourceId = '', Endpoint }: DBInstance) {
  return {
    ref: DBInstanceIdentifier,
    attributes: {
      DBInstanceArn,
      DbiResourceId,
      'Endpoint.Address': Endpoint?.Address ?? '',
      'Endpoint.Port': String(Endpoint?.Port ?? ''),
    },
  };
}

async function describe(identifier: string, context: ResourceContext): Promise<DBInstance | undefined> {
  const rds = context.aws.client(RDSClient, context.region);
  const command = new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier });
  return (await unless(GONE, () => rds.send(command)))?.DBInstances?.[0];
}
