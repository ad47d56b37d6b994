import { CreateDBInstance$, type CreateDBInstanceMessage, type CreateDBInstanceResult } from '@aws-sdk/client-rds';
import type { Random } from '../../../clock/index.ts';
import type { Operation } from '../../../edge/emulator.ts';
import { checkDatabaseName, checkEngine, checkIdentifier, checkPassword, checkUserName } from '../checks.ts';
import { errors, refuseOthers } from '../errors.ts';
import { type Instance, shapeOf } from '../instance.ts';
import { type Instances, newResourceId } from '../instances.ts';

/** What a request may ask for that is kept and shown, and does nothing here. */
const SHOWN = [
  'AllocatedStorage',
  'AutoMinorVersionUpgrade',
  'BackupRetentionPeriod',
  'CopyTagsToSnapshot',
  'DBInstanceClass',
  'LicenseModel',
  'MaxAllocatedStorage',
  'MultiAZ',
  'PreferredBackupWindow',
  'PreferredMaintenanceWindow',
  'PubliclyAccessible',
  'StorageEncrypted',
  'StorageType',
] as const;

const KNOWN = [
  ...SHOWN,
  'CACertificateIdentifier',
  'DBInstanceIdentifier',
  'DBName',
  'DBSubnetGroupName',
  'DeletionProtection',
  'Engine',
  'EngineVersion',
  'MasterUsername',
  'MasterUserPassword',
  'Port',
  'Tags',
  'VpcSecurityGroupIds',
];

/** GiB, where the request names no size. */
const DEFAULT_STORAGE = 20;

export function createDbInstance(
  instances: Instances,
  random: Random,
): Operation<CreateDBInstanceMessage, CreateDBInstanceResult> {
  return {
    schema: CreateDBInstance$,
    async run(input, { region, accountId }) {
      refuseOthers(input, KNOWN, 'CreateDBInstance');
      const identifier = checkIdentifier(input.DBInstanceIdentifier);
      const engine = checkEngine(input.Engine);
      if (input.DBInstanceClass === undefined) throw errors.missing('DBInstanceClass');
      const instance: Instance = {
        identifier,
        region,
        accountId,
        engine,
        tenancy: {
          user: checkUserName(input.MasterUsername, engine),
          password: checkPassword(input.MasterUserPassword),
          database: checkDatabaseName(input.DBName),
        },
        engineVersion: input.EngineVersion ?? '',
        resourceId: newResourceId(random),
        status: 'creating',
        failure: undefined,
        onServer: false,
        endpoint: undefined,
        createdAt: undefined,
        deletionProtection: input.DeletionProtection ?? false,
        tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
        shown: shownOf(input),
      };
      // As it is answered: the work on the server has only begun.
      const answer = shapeOf(instance);
      await instances.create(instance);
      return { DBInstance: answer };
    },
  };
}

function shownOf(input: CreateDBInstanceMessage): Instance['shown'] {
  const { VpcSecurityGroupIds: groups = [] } = input;
  return {
    AllocatedStorage: DEFAULT_STORAGE,
    BackupRetentionPeriod: 1,
    MultiAZ: false,
    PubliclyAccessible: true,
    StorageEncrypted: false,
    StorageType: 'gp2',
    ...Object.fromEntries(SHOWN.filter((name) => input[name] !== undefined).map((name) => [name, input[name]])),
    VpcSecurityGroups: groups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
  };
}
