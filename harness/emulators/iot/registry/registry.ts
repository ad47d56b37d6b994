import { createHash } from 'node:crypto';
import type { PolicyDocument, Principal, Registry } from '../model.ts';
import { Home } from './home.ts';

/** Where a call's resources are. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** Everything that is registered, by account and region. What the broker asks of it is `principalOf`. */
export class IotRegistry implements Registry {
  readonly #homes = new Map<string, Home>();
  readonly #listeners = new Set<() => void>();

  of({ region, accountId }: Place): Home {
    const key = `${accountId}/${region}`;
    const home = this.#homes.get(key) ?? new Home({ region, accountId });
    this.#homes.set(key, home);
    return home;
  }

  homes(): Iterable<Home> {
    return this.#homes.values();
  }

  principalOf(der: Buffer): Principal | undefined {
    const id = certificateIdOf(der);
    for (const home of this.#homes.values()) {
      const certificate = home.certificates.get(id);
      if (certificate?.status !== 'ACTIVE') continue;
      const { arn, commonName, thingNames, policyNames } = certificate;
      return {
        arn,
        kind: 'certificate',
        certificateId: id,
        commonName,
        thingNames: [...thingNames],
        policies: [...policyNames].flatMap((name): readonly PolicyDocument[] => {
          const policy = home.policies.get(name);
          const version = policy?.versions.get(policy.defaultVersionId);
          return version ? [version.document] : [];
        }),
      };
    }
    return undefined;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be called after each change of what is registered. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  clear(): void {
    this.#homes.clear();
    this.changed();
  }
}

/** Source: AWS IoT API reference, "certificateId": the SHA-256 of the certificate's DER. */
export function certificateIdOf(der: Buffer): string {
  return createHash('sha256').update(der).digest('hex');
}
