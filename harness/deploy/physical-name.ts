import { createHash } from 'node:crypto';

const SUFFIX_LENGTH = 12;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export interface PhysicalNameParts {
  readonly stack: string;
  readonly logicalId: string;
  readonly region: string;
  readonly accountId: string;
  /** The how manieth stack of its name it is in this run; by default the first. */
  readonly generation?: number | undefined;
}

/**
 * The name of a resource that its template leaves unnamed, in CloudFormation's form `ingest-Bucket-1A2B3C4D5E6F`.
 * Where CloudFormation draws the suffix by lot, here it follows from the parts, so that every run has the same names. As
 * there, a stack that is made anew has others: SQS does not take the name of a queue again that it has just deleted.
 */
export function physicalName(
  parts: PhysicalNameParts,
  { maxLength, lowerCase = false }: { readonly maxLength: number; readonly lowerCase?: boolean },
): string {
  const digest = createHash('sha256')
    .update([...identityOf(parts), parts.logicalId].join('/'))
    .digest();
  const suffix = [...digest.subarray(0, SUFFIX_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  const stem = `${parts.stack}-${parts.logicalId}`.slice(0, maxLength - SUFFIX_LENGTH - 1);
  const name = `${stem}-${suffix}`;
  return lowerCase ? name.toLowerCase() : name;
}

/** The stack's ARN. Where CloudFormation draws the last part by lot, here it follows from the others. */
export function stackId(parts: Omit<PhysicalNameParts, 'logicalId'> & { readonly partition: string }): string {
  const { partition, region, accountId, stack } = parts;
  const hex = createHash('sha256').update(identityOf(parts).join('/')).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  return `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stack}/${uuid}`;
}

function identityOf({ accountId, region, stack, generation = 1 }: Omit<PhysicalNameParts, 'logicalId'>): string[] {
  return [accountId, region, stack, ...(generation === 1 ? [] : [`${generation}`])];
}
