import { errors } from '../errors.ts';
import type { Certificate, Policy, Thing, TopicRule } from './model.ts';

/** What one account has registered in one region. */
export class Home {
  readonly region: string;
  readonly accountId: string;
  readonly things = new Map<string, Thing>();
  readonly certificates = new Map<string, Certificate>();
  readonly policies = new Map<string, Policy>();
  readonly rules = new Map<string, TopicRule>();

  constructor({ region, accountId }: { readonly region: string; readonly accountId: string }) {
    this.region = region;
    this.accountId = accountId;
  }

  arn(resource: string): string {
    return `arn:aws:iot:${this.region}:${this.accountId}:${resource}`;
  }

  /** @throws ResourceNotFoundException */
  thing(name: string): Thing {
    const thing = this.things.get(name);
    if (!thing) throw errors.notFound(`Thing ${name} not found.`);
    return thing;
  }

  /** @throws ResourceNotFoundException */
  certificate(id: string): Certificate {
    const certificate = this.certificates.get(id.replace(/^0x/, '').toLowerCase());
    if (!certificate) throw errors.notFound('The certificate given in the request does not exist.');
    return certificate;
  }

  /**
   * @param principal a certificate's ARN
   * @throws ResourceNotFoundException, InvalidRequestException
   */
  principal(principal: string): Certificate {
    const { region, accountId } = this;
    const [, home, id] = /^arn:aws[a-z-]*:iot:([a-z0-9-]+:\d{12}):cert\/([0-9a-f]{64})$/.exec(principal) ?? [];
    if (home === undefined || id === undefined) {
      if (!principal.startsWith('arn:') || principal.includes(':thinggroup/')) {
        throw errors.unsupported(`the principal ${principal}: only certificates, by their ARNs`);
      }
      throw errors.invalid(`The principal ${principal} is not valid.`);
    }
    const certificate = home === `${region}:${accountId}` ? this.certificates.get(id) : undefined;
    if (!certificate) throw errors.notFound('The certificate given in the principal does not exist.');
    return certificate;
  }

  /** @throws ResourceNotFoundException */
  policy(name: string): Policy {
    const policy = this.policies.get(name);
    if (!policy) throw errors.notFound('Policy not found');
    return policy;
  }

  /** @throws UnauthorizedException */
  rule(name: string): TopicRule {
    const rule = this.rules.get(name);
    if (!rule) throw errors.noSuchRule(name);
    return rule;
  }
}
