import type { DBInstance } from '@aws-sdk/client-rds';
import type { EngineName } from './checks.ts';
import type { Tenancy } from './server.ts';

/** As RDS shows them, but for `forgotten`, which nobody sees. */
export type Status =
  | 'creating'
  | 'available'
  | 'deleting'
  | 'incompatible-create'
  | 'resetting-master-credentials'
  | 'forgotten';

/** A DB instance: a database and a user on the real server. */
export interface Instance {
  /** In lower case. */
  readonly identifier: string;
  readonly region: string;
  readonly accountId: string;
  /** `db-` and 26 letters and digits. */
  readonly resourceId: string;
  readonly engine: EngineName;
  /** What was asked for, else what the server says; empty until it has said it. */
  engineVersion: string;
  tenancy: Tenancy;
  status: Status;
  /** Why it is as it is, when that is bad. */
  failure: string | undefined;
  /** True while its database and its user are on the server. */
  onServer: boolean;
  /** Of the real server, once it is available. */
  endpoint: { readonly address: string; readonly port: number } | undefined;
  /** ms since the epoch, once it is available. */
  createdAt: number | undefined;
  deletionProtection: boolean;
  readonly tags: Map<string, string>;
  /** What is kept and shown, and does nothing here. */
  readonly shown: Partial<DBInstance>;
}

export function arnOf({ region, accountId, identifier }: Instance): string {
  return `arn:aws:rds:${region}:${accountId}:db:${identifier}`;
}

/** What the answers show of an instance. */
export function shapeOf(instance: Instance): DBInstance {
  const { endpoint, createdAt, failure, engineVersion } = instance;
  return {
    DBInstanceIdentifier: instance.identifier,
    Engine: instance.engine,
    DBInstanceStatus: instance.status,
    MasterUsername: instance.tenancy.user,
    DBName: instance.tenancy.database,
    ...(endpoint && { Endpoint: { Address: endpoint.address, Port: endpoint.port } }),
    ...(createdAt !== undefined && { InstanceCreateTime: new Date(createdAt) }),
    ...instance.shown,
    ...(engineVersion !== '' && { EngineVersion: engineVersion }),
    ...(failure !== undefined && {
      StatusInfos: [{ StatusType: 'naetmul', Normal: false, Status: 'error', Message: failure }],
    }),
    DbiResourceId: instance.resourceId,
    DBInstanceArn: arnOf(instance),
    DeletionProtection: instance.deletionProtection,
    TagList: [...instance.tags].map(([Key, Value]) => ({ Key, Value })),
  };
}
