import type { Principal } from '../model.ts';
import { type Authorizer, authorizer } from './policy.ts';

/** Answers that are remembered: a client speaks of few topics, and of each many times. */
const MAX_REMEMBERED = 1000;

/** What a principal may do under one client id, as long as nothing about it changes. */
export class Permissions {
  readonly principal: Principal;
  readonly #allows: Authorizer;
  readonly #arnPrefix: string;
  readonly #remembered = new Map<string, boolean>();
  readonly #receivable = new Map<string, boolean>();

  constructor(principal: Principal, clientId: string) {
    this.principal = principal;
    this.#arnPrefix = principal.arn.slice(0, principal.arn.lastIndexOf(':') + 1);
    const isThing = principal.thingNames.includes(clientId);
    this.#allows = authorizer(principal.policies, {
      'iot:ClientId': clientId,
      'iot:CertificateId': principal.certificateId,
      'iot:Certificate.Subject.CommonName': principal.commonName,
      'iot:Connection.Thing.ThingName': isThing ? clientId : undefined,
      'iot:Connection.Thing.IsAttached': String(isThing),
    });
  }

  /** As `allow('iot:Receive', …)`, without making a text for each of a thousand deliveries. */
  mayReceive(topic: string): boolean {
    const known = this.#receivable.get(topic);
    if (known !== undefined) return known;
    const answer = this.allow('iot:Receive', `topic/${topic}`);
    if (this.#receivable.size >= MAX_REMEMBERED) this.#receivable.clear();
    this.#receivable.set(topic, answer);
    return answer;
  }

  /** @param resource without the ARN's beginning: `topic/pi/1`, `client/pi-1` */
  allow(action: string, resource: string): boolean {
    // IAM is not emulated: whoever has an access key may do everything.
    if (this.principal.kind === 'iam') return true;
    const question = `${action} ${resource}`;
    const known = this.#remembered.get(question);
    if (known !== undefined) return known;
    const answer = this.#allows(action, this.#arnPrefix + resource);
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(question, answer);
    return answer;
  }
}
