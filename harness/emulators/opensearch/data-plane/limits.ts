const MIB = 1024 * 1024;

/**
 * The largest request that a domain takes, by the type of its data instances: 10 MiB for the small ones of each family,
 * else 100 MiB. Source: developer guide, "Amazon OpenSearch Service quotas", network quotas.
 */
export function maxRequestBytes(instanceType: string | undefined): number {
  const small = /^(?:t[23]\.|[a-z0-9]+\.(?:micro|small|medium)\.|c\d[a-z]*\.(?:large|xlarge)\.|m\d[a-z]*\.large\.)/;
  return (small.test(instanceType ?? '') ? 10 : 100) * MIB;
}
