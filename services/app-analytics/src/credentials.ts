import type { AwsCredentials } from './opensearch.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export const WORKSHOP_REGION = 'ap-northeast-2';

export function regionOf(env: Environment): string {
  return env.AWS_REGION || env.AWS_DEFAULT_REGION || WORKSHOP_REGION;
}

/** Credentials as every AWS SDK finds them: of the environment, a profile, or the role of the machine or container. */
export async function findCredentials(env: Environment): Promise<AwsCredentials> {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN } = env;
  if (accessKeyId && secretAccessKey) {
    return { accessKeyId, secretAccessKey, sessionToken: AWS_SESSION_TOKEN || undefined };
  }
  // Only where the environment has none: the SDK is large.
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({ region: regionOf(env) });
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
  }
}

/**
 * Who signs the requests to a domain: at AWS always somebody; elsewhere only whoever has credentials in the environment.
 */
export function signerFor(url: string, env: Environment): (() => Promise<AwsCredentials>) | undefined {
  const isAws = /\.es\.amazonaws\.com(?:\.cn)?$/.test(new URL(url).hostname);
  const hasOwn = Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY);
  return isAws || hasOwn ? () => findCredentials(env) : undefined;
}
