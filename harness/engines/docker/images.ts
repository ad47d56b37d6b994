import type { EngineName } from '../engine.ts';

/**
 * The images, each with its exact tag: a story must give the same result tomorrow. LocalStack 4.14.0 is the last
 * version whose image needs no token.
 */
export const IMAGES = {
  localstack: 'localstack/localstack:4.14.0',
  opensearch: 'opensearchproject/opensearch:2.19.6',
  mysql: 'mysql:8.4',
} as const satisfies Partial<Record<EngineName, string>>;

export type ImageOwner = keyof typeof IMAGES;
