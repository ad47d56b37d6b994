import { errors } from './errors.ts';
import { checkNames } from './inputs.ts';
import { MAX_KEY_ID_LENGTH } from './limits.ts';
import type { StreamNames } from './streams.ts';
import { Violations } from './violations.ts';

/** What StartStreamEncryption and StopStreamEncryption are given. Nothing is encrypted: the key is only shown. */
export function checkEncryption(
  input: StreamNames & { readonly EncryptionType?: string | undefined; readonly KeyId?: string | undefined },
): void {
  const violations = new Violations();
  checkNames(violations, input);
  if (violations.required('encryptionType', input.EncryptionType)) {
    violations.oneOf('encryptionType', input.EncryptionType, ['NONE', 'KMS']);
  }
  if (violations.required('keyId', input.KeyId)) violations.text('keyId', input.KeyId, 1, MAX_KEY_ID_LENGTH);
  violations.raise();
  if (input.EncryptionType !== 'KMS') throw errors.invalid('The only valid value of EncryptionType is KMS.');
}
