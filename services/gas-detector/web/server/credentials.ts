import type { AwsCredentials } from './sigv4.ts';

/** Credentials as every AWS SDK finds them: a profile, or the role of the machine or container. */
export async function findCredentials(region: string): Promise<AwsCredentials> {
  // Only where the environment has none: the SDK is large.
  const { IoTDataPlaneClient } = await import('@aws-sdk/client-iot-data-plane');
  const client = new IoTDataPlaneClient({ region });
  try {
    return await client.config.credentials();
  } finally {
    client.destroy();
  }
}
