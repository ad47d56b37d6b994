import { DeleteDBInstance$, type DeleteDBInstanceMessage, type DeleteDBInstanceResult } from '@aws-sdk/client-rds';
import type { Operation } from '../../../edge/emulator.ts';
import { errors, refuseOthers } from '../errors.ts';
import { shapeOf } from '../instance.ts';
import type { Instances } from '../instances.ts';

const KNOWN = ['DBInstanceIdentifier', 'SkipFinalSnapshot', 'DeleteAutomatedBackups', 'FinalDBSnapshotIdentifier'];

export function deleteDbInstance(instances: Instances): Operation<DeleteDBInstanceMessage, DeleteDBInstanceResult> {
  return {
    schema: DeleteDBInstance$,
    async run(input, call) {
      refuseOthers(input, KNOWN, 'DeleteDBInstance');
      const { DBInstanceIdentifier: identifier, SkipFinalSnapshot: skip = false } = input;
      if (identifier === undefined) throw errors.missing('DBInstanceIdentifier');
      const instance = instances.get(identifier, call);
      if (!skip && input.FinalDBSnapshotIdentifier === undefined) {
        throw errors.combination('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.');
      }
      if (input.FinalDBSnapshotIdentifier !== undefined) throw errors.unsupported('snapshots: set SkipFinalSnapshot');
      if (instance.deletionProtection) {
        throw errors.combination(
          'Cannot delete protected DB Instance, please disable deletion protection and try again.',
        );
      }
      const answer = { ...shapeOf(instance), DBInstanceStatus: 'deleting' };
      await instances.delete(instance);
      return { DBInstance: answer };
    },
  };
}
