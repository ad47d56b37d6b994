import type { DeliveryStreamEncryptionConfigurationInput } from '@aws-sdk/client-firehose';
import type { AwsAccess, Call } from '../../../edge/emulator.ts';
import type { DeliveryStream } from '../delivery-stream.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import type { EncryptionKey } from '../encryption.ts';
import { errors } from '../errors.ts';
import type { Violations } from '../violations.ts';

const KEY_TYPES = ['AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK'] as const;
const MAX_KEY_ARN_LENGTH = 512;
const KEY_ARN_PATTERN = 'arn:.*:kms:[a-zA-Z0-9\\-]+:\\d{12}:(key|alias)/[a-zA-Z_0-9+=,.@\\-_/]+';
const PATH = 'deliveryStreamEncryptionConfigurationInput';

/** The constraints of the API model. */
export function checkEncryption(
  input: DeliveryStreamEncryptionConfigurationInput | undefined,
  violations: Violations,
): void {
  if (!input) return;
  violations.text(`${PATH}.keyARN`, input.KeyARN, 1, MAX_KEY_ARN_LENGTH, KEY_ARN_PATTERN);
  if (violations.required(`${PATH}.keyType`, input.KeyType)) {
    violations.oneOf(`${PATH}.keyType`, input.KeyType, KEY_TYPES);
  }
}

/**
 * The key that a request names, once KMS has said that it can encrypt.
 *
 * @throws InvalidArgumentException
 * @throws InvalidKMSResourceException
 */
export async function readKey(
  { KeyType: type = 'AWS_OWNED_CMK', KeyARN: arn }: Partial<DeliveryStreamEncryptionConfigurationInput>,
  aws: AwsAccess,
): Promise<EncryptionKey> {
  if (type === 'CUSTOMER_MANAGED_CMK') {
    if (arn === undefined) throw errors.invalid('KeyARN must be specified for the key type CUSTOMER_MANAGED_CMK');
    await requireUsable(arn, aws);
  } else if (arn !== undefined) {
    throw errors.invalid(`KeyARN must not be specified for the key type ${type}`);
  }
  return { type, arn };
}

/**
 * The stream whose encryption is to be started or stopped.
 *
 * @throws ResourceNotFoundException, InvalidArgumentException, ResourceInUseException, LimitExceededException
 */
export function streamToEncrypt(streams: DeliveryStreams, name: string, call: Call): DeliveryStream {
  const stream = streams.get(name, call);
  if (stream.source) throw errors.notEncryptable(stream.type);
  if (stream.status !== 'ACTIVE') throw errors.busy(name, call.accountId, stream.status);
  const { encryption } = stream;
  if (encryption.isChanging) throw errors.busy(name, call.accountId, encryption.status);
  if (!encryption.admitCall()) throw errors.tooManyEncryptionCalls();
  return stream;
}

interface KeyMetadata {
  readonly KeyState?: string;
  readonly KeySpec?: string;
}

async function requireUsable(arn: string, aws: AwsAccess): Promise<void> {
  const { status, body } = await aws.send({
    service: 'kms',
    region: arn.split(':')[3] ?? '',
    method: 'POST',
    target: '/',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.DescribeKey' },
    body: JSON.stringify({ KeyId: arn }),
  });
  const answer: { KeyMetadata?: KeyMetadata; __type?: string; message?: string } = JSON.parse(body.toString() || '{}');
  if (status !== 200) {
    const code = answer.__type?.split('#').at(-1) ?? 'NotFoundException';
    throw errors.invalidKey(code, answer.message ?? `Key ${arn} cannot be described`);
  }
  const { KeyState: state = '', KeySpec: spec = '' } = answer.KeyMetadata ?? {};
  if (spec !== 'SYMMETRIC_DEFAULT') {
    throw errors.invalidKey('InvalidKeyUsageException', `${arn} key spec is ${spec}, not SYMMETRIC_DEFAULT.`);
  }
  // As KMS itself refuses to encrypt with such keys.
  if (state === 'Disabled') throw errors.invalidKey('DisabledException', `${arn} is disabled.`);
  if (state !== 'Enabled') {
    const words = state.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
    throw errors.invalidKey('KMSInvalidStateException', `${arn} is ${words}.`);
  }
}
