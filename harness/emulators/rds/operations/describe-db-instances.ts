import {
  type DBInstanceMessage,
  DescribeDBInstances$,
  type DescribeDBInstancesMessage,
  type Filter,
} from '@aws-sdk/client-rds';
import type { Operation } from '../../../edge/emulator.ts';
import { errors, refuseOthers } from '../errors.ts';
import { arnOf, type Instance, shapeOf } from '../instance.ts';
import type { Instances } from '../instances.ts';

/** Source: RDS API reference, DescribeDBInstances. */
const RECORDS = { min: 20, max: 100, default: 100 };

const FILTERS: Readonly<Record<string, (instance: Instance) => readonly string[]>> = {
  'db-instance-id': (instance) => [instance.identifier, arnOf(instance)],
  'dbi-resource-id': ({ resourceId }) => [resourceId],
  engine: ({ engine }) => [engine],
};

export function describeDbInstances(instances: Instances): Operation<DescribeDBInstancesMessage, DBInstanceMessage> {
  return {
    schema: DescribeDBInstances$,
    run(input, call) {
      refuseOthers(input, ['DBInstanceIdentifier', 'Filters', 'MaxRecords', 'Marker'], 'DescribeDBInstances');
      const { DBInstanceIdentifier: identifier, Filters = [], MaxRecords = RECORDS.default, Marker } = input;
      if (MaxRecords < RECORDS.min || MaxRecords > RECORDS.max) {
        const range = `Must be between ${RECORDS.min} and ${RECORDS.max}`;
        throw errors.invalid(`Invalid value ${MaxRecords} for MaxRecords. ${range}`);
      }
      const found = identifier === undefined ? instances.list(call) : [instances.get(identifier, call)];
      const tests = Filters.map(test);
      const passing = found.filter((instance) => tests.every((passes) => passes(instance)));
      // The marker is the last identifier of the page before.
      const rest = passing.filter((instance) => Marker === undefined || instance.identifier > Marker);
      const page = rest.slice(0, MaxRecords);
      return {
        DBInstances: page.map(shapeOf),
        ...(rest.length > page.length && { Marker: page.at(-1)?.identifier }),
      };
    },
  };
}

/** Whether an instance passes one filter. */
function test({ Name = '', Values = [] }: Filter): (instance: Instance) => boolean {
  const valuesOf = Object.hasOwn(FILTERS, Name) ? FILTERS[Name] : undefined;
  if (valuesOf === undefined) {
    throw errors.unsupported(`the filter ${Name} of DescribeDBInstances, only ${Object.keys(FILTERS).join(', ')}`);
  }
  return (instance) => valuesOf(instance).some((value) => Values.includes(value));
}
