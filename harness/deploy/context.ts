import { machine } from '../clock/index.ts';
import type { DeployOptions } from './options.ts';
import { physicalName, stackId } from './physical-name.ts';
import type { ResourceContext } from './resources/resource-type.ts';
import { partitionOf } from './template/pseudo-parameters.ts';

/** Between two looks at a resource that is not yet as it should be. */
const POLL_INTERVAL_MS = 100;
const POLLS_PER_MINUTE = 600;

export function resourceContext(logicalId: string, options: DeployOptions): ResourceContext {
  const { aws, region, accountId, name: stack, generation, wait = machine.sleep } = options;
  const { partition } = partitionOf(region);
  return {
    aws,
    region,
    accountId,
    stackId: stackId({ partition, region, accountId, stack, generation }),
    logicalId,
    ...partitionOf(region),
    physicalName: (limits) => physicalName({ stack, generation, logicalId, region, accountId }, limits),
    async until(what, look, minutes = 1) {
      for (let looks = 0; looks < minutes * POLLS_PER_MINUTE; looks++) {
        const found = await look();
        if (found !== undefined) return found;
        await wait(POLL_INTERVAL_MS);
      }
      throw new Error(`Waited ${minutes === 1 ? 'a minute' : `${minutes} minutes`} for ${what}.`);
    },
  };
}
