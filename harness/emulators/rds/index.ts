import type { Emulator, EmulatorContext, Operation } from '../../edge/emulator.ts';
import { Instances } from './instances.ts';
import { createDbInstance } from './operations/create-db-instance.ts';
import { deleteDbInstance } from './operations/delete-db-instance.ts';
import { describeDbInstances } from './operations/describe-db-instances.ts';
import { modifyDbInstance } from './operations/modify-db-instance.ts';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './operations/tags.ts';
import type { SqlServer } from './server.ts';

export type { SqlServer } from './server.ts';

export interface RdsOptions {
  /** The real server that DB instances stand for; undefined while there is none. */
  server(): SqlServer | undefined;
}

/**
 * Amazon RDS: each DB instance is a database and a user on the one real server. What it does as AWS does, and what not,
 * is in docs/fidelity/rds.md.
 */
export function createRds(context: EmulatorContext, { server }: RdsOptions): Emulator {
  const instances = new Instances(context, server);
  const operations: readonly Operation[] = [
    addTagsToResource(instances),
    createDbInstance(instances, context.random),
    deleteDbInstance(instances),
    describeDbInstances(instances),
    listTagsForResource(instances),
    modifyDbInstance(instances),
    removeTagsFromResource(instances),
  ];
  return {
    service: 'rds',
    protocol: { kind: 'query' },
    operations,
    stop: () => instances.stop(),
    reset: () => instances.clear(),
  };
}
