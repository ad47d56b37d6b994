import { httpEndpointKind } from './http-endpoint/index.ts';
import type { DestinationKind } from './kind.ts';
import { elasticsearchKind, openSearchKind } from './opensearch/index.ts';
import { extendedS3Kind, s3Kind } from './s3/index.ts';

/** Every type of destination that delivery streams can have. */
export const DESTINATION_KINDS: readonly DestinationKind[] = [
  s3Kind,
  extendedS3Kind,
  openSearchKind,
  elasticsearchKind,
  httpEndpointKind,
];
