import type {
  DeliveryStreamEncryptionConfiguration,
  DeliveryStreamEncryptionStatus,
  KeyType,
} from '@aws-sdk/client-firehose';
import type { Clock } from '../../clock/index.ts';
import { ENCRYPTION_CALLS_WINDOW_MS, ENCRYPTION_CHANGE_MS, MAX_ENCRYPTION_CALLS } from './limits.ts';

/** What a delivery stream is encrypted with. */
export interface EncryptionKey {
  readonly type: KeyType;
  /** Only for CUSTOMER_MANAGED_CMK. */
  readonly arn: string | undefined;
}

/**
 * The server-side encryption of one delivery stream, as far as it shows: nothing is really encrypted
 * (https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html).
 */
export class ServerSideEncryption {
  readonly #clock: Clock;
  readonly #name: string;
  #status: DeliveryStreamEncryptionStatus = 'DISABLED';
  /** What describe shows: during a change, the key to be. */
  #shown: EncryptionKey | undefined;
  /** What records are encrypted with now. */
  #key: EncryptionKey | undefined;
  #calls: number[] = [];

  /** @param key of a stream that is encrypted from the beginning */
  constructor(clock: Clock, name: string, key?: EncryptionKey) {
    this.#clock = clock;
    this.#name = name;
    this.#shown = key;
    this.#key = key;
    if (key) this.#status = 'ENABLED';
  }

  get status(): DeliveryStreamEncryptionStatus {
    return this.#status;
  }

  get isChanging(): boolean {
    return this.#status === 'ENABLING' || this.#status === 'DISABLING';
  }

  /** Whether records are encrypted: with the old key while it is changed, and until DISABLED. */
  get encrypts(): boolean {
    return this.#key !== undefined;
  }

  /** Notes a call that starts or stops it; false when there have been too many. */
  admitCall(): boolean {
    const now = this.#clock.now();
    this.#calls = this.#calls.filter((at) => at > now - ENCRYPTION_CALLS_WINDOW_MS);
    if (this.#calls.length >= MAX_ENCRYPTION_CALLS) return false;
    this.#calls.push(now);
    return true;
  }

  start(key: EncryptionKey): void {
    this.#shown = key;
    this.#change('ENABLING', 'ENABLED', key);
  }

  stop(): void {
    if (this.#status !== 'DISABLED') this.#change('DISABLING', 'DISABLED', undefined);
  }

  describe(): DeliveryStreamEncryptionConfiguration {
    const key = this.#shown;
    return {
      ...(key?.arn === undefined ? {} : { KeyARN: key.arn }),
      ...(key === undefined ? {} : { KeyType: key.type }),
      Status: this.#status,
    };
  }

  #change(during: 'ENABLING' | 'DISABLING', then: 'ENABLED' | 'DISABLED', key: EncryptionKey | undefined): void {
    this.#status = during;
    this.#clock.setTimer(`${this.#name} encryption`, ENCRYPTION_CHANGE_MS, () => {
      this.#status = then;
      this.#shown = key;
      this.#key = key;
    });
  }
}
