import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { MAX_PAGE } from '../limits.ts';
import { page } from '../page.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';

const attachThingPrincipal = operation(
  api.AttachThingPrincipal$,
  (home, input: api.AttachThingPrincipalRequest): api.AttachThingPrincipalResponse => {
    const { thingName, principal } = checked(input);
    const { thingPrincipalType: type = 'NON_EXCLUSIVE_THING' } = input;
    if (type !== 'NON_EXCLUSIVE_THING') throw errors.unsupported(`thingPrincipalType ${type}`);
    const thing = home.thing(thingName);
    const certificate = home.principal(principal);
    thing.principals.add(certificate.arn);
    certificate.thingNames.add(thing.name);
    return {};
  },
);

const detachThingPrincipal = operation(
  api.DetachThingPrincipal$,
  (home, input: api.DetachThingPrincipalRequest): api.DetachThingPrincipalResponse => {
    const { thingName, principal } = checked(input);
    const thing = home.thing(thingName);
    const certificate = home.principal(principal);
    thing.principals.delete(certificate.arn);
    certificate.thingNames.delete(thing.name);
    return {};
  },
);

const listThingPrincipals = operation(
  api.ListThingPrincipals$,
  (home, { thingName, nextToken, maxResults }: api.ListThingPrincipalsRequest): api.ListThingPrincipalsResponse => {
    const violations = new Violations();
    const name = violations.thingName(thingName);
    violations.range('maxResults', maxResults);
    violations.raise();
    const thing = home.things.get(name);
    if (!thing) {
      throw errors.notFound(
        `Failed to list principals for thing ${name} because the thing does not exist in your account`,
      );
    }
    const { items, next } = page([...thing.principals], nextToken, maxResults ?? MAX_PAGE);
    return { principals: [...items], ...(next && { nextToken: next }) };
  },
);

const listPrincipalThings = operation(
  api.ListPrincipalThings$,
  (home, { principal, nextToken, maxResults }: api.ListPrincipalThingsRequest): api.ListPrincipalThingsResponse => {
    const violations = new Violations();
    const arn = violations.text('principal', principal, Number.POSITIVE_INFINITY);
    violations.range('maxResults', maxResults);
    violations.raise();
    const { items, next } = page([...home.principal(arn).thingNames], nextToken, maxResults ?? MAX_PAGE);
    return { things: [...items], ...(next && { nextToken: next }) };
  },
);

export const thingPrincipals: readonly OperationMaker[] = [
  attachThingPrincipal,
  detachThingPrincipal,
  listThingPrincipals,
  listPrincipalThings,
];

function checked(input: api.DetachThingPrincipalRequest): { readonly thingName: string; readonly principal: string } {
  const violations = new Violations();
  const thingName = violations.thingName(input.thingName);
  const principal = violations.text('principal', input.principal, Number.POSITIVE_INFINITY);
  violations.raise();
  return { thingName, principal };
}
