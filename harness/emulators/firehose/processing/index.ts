import type { ProcessingConfiguration } from '@aws-sdk/client-firehose';
import type { DestinationParts } from '../destinations/kind.ts';
import { errors } from '../errors.ts';
import type { Processing } from './processing.ts';

export { checkProcessing } from './configuration.ts';
export type { Processed, Processing } from './processing.ts';

/**
 * What is done to records before they are delivered; undefined when that is nothing.
 *
 * @param member of the request that has the configuration, for messages
 * @throws InvalidArgumentException
 */
export function readProcessing(
  configuration: ProcessingConfiguration | undefined,
  member: string,
  _allowed: { readonly dynamicPartitioning: boolean },
  _parts: DestinationParts,
): Processing | undefined {
  if (configuration === undefined || configuration.Enabled === false) return undefined;
  const [processor] = configuration.Processors ?? [];
  if (processor === undefined) return undefined;
  throw errors.unsupported(`${member}.ProcessingConfiguration with a processor of type ${processor.Type}`);
}
