import { ModifyDBInstance$, type ModifyDBInstanceMessage, type ModifyDBInstanceResult } from '@aws-sdk/client-rds';
import type { Operation } from '../../../edge/emulator.ts';
import { checkPassword } from '../checks.ts';
import { errors, refuseOthers } from '../errors.ts';
import { shapeOf } from '../instance.ts';
import type { Instances } from '../instances.ts';

const KNOWN = ['DBInstanceIdentifier', 'ApplyImmediately', 'DeletionProtection', 'MasterUserPassword'];

export function modifyDbInstance(instances: Instances): Operation<ModifyDBInstanceMessage, ModifyDBInstanceResult> {
  return {
    schema: ModifyDBInstance$,
    async run(input, call) {
      refuseOthers(input, KNOWN, 'ModifyDBInstance');
      const { DBInstanceIdentifier: identifier, MasterUserPassword: password, DeletionProtection } = input;
      if (identifier === undefined) throw errors.missing('DBInstanceIdentifier');
      const instance = instances.get(identifier, call);
      if (instance.status !== 'available') throw errors.invalidState('Database instance is not in available state.');
      if (password !== undefined) checkPassword(password);
      instance.deletionProtection = DeletionProtection ?? instance.deletionProtection;
      const answer = {
        ...shapeOf(instance),
        ...(password !== undefined && { PendingModifiedValues: { MasterUserPassword: '****' } }),
      };
      if (password !== undefined) await instances.changePassword(instance, password);
      return { DBInstance: answer };
    },
  };
}
