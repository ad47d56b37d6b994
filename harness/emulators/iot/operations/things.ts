import * as api from '@aws-sdk/client-iot';
import { errors, refuse } from '../errors.ts';
import { MAX_ATTRIBUTES, MAX_PAGE } from '../limits.ts';
import { page } from '../page.ts';
import type { Thing } from '../registry/model.ts';
import { Violations } from '../violations.ts';
import { type OperationMaker, operation } from './operation.ts';

const ATTRIBUTE_NAME = /^[a-zA-Z0-9_.,@/:#-]{1,128}$/;
const ATTRIBUTE_VALUE = /^[a-zA-Z0-9_.,@/:#=[\]-]{0,800}$/;

const createThing = operation(
  api.CreateThing$,
  (home, input: api.CreateThingRequest, { random }): api.CreateThingResponse => {
    const violations = new Violations();
    const name = violations.thingName(input.thingName);
    checkAttributes(input.attributePayload, violations);
    violations.raise();
    refuse(input.thingTypeName, 'thing types (thingTypeName)');
    refuse(input.billingGroupName, 'billing groups (billingGroupName)');
    const attributes = withAttributes(new Map(), input.attributePayload?.attributes);
    const there = home.things.get(name);
    if (there) {
      if (sameAttributes(there.attributes, attributes)) return shape(there);
      throw errors.exists(`Thing ${name} already exists in account with different attributes`, there.id, there.arn);
    }
    const arn = home.arn(`thing/${name}`);
    const thing: Thing = { name, arn, id: random.uuid(), attributes, version: 1, principals: new Set() };
    home.things.set(name, thing);
    return shape(thing);
  },
);

const describeThing = operation(
  api.DescribeThing$,
  (home, input: api.DescribeThingRequest): api.DescribeThingResponse => {
    const thing = home.thing(checkedName(input.thingName));
    const { name, attributes, version } = thing;
    return { ...shape(thing), defaultClientId: name, attributes: Object.fromEntries(attributes), version };
  },
);

const updateThing = operation(api.UpdateThing$, (home, input: api.UpdateThingRequest): api.UpdateThingResponse => {
  const violations = new Violations();
  const name = violations.thingName(input.thingName);
  checkAttributes(input.attributePayload, violations);
  violations.raise();
  refuse(input.thingTypeName, 'thing types (thingTypeName)');
  const thing = home.thing(name);
  checkVersion(thing, input.expectedVersion);
  if (input.attributePayload) {
    const { attributes, merge } = input.attributePayload;
    thing.attributes = withAttributes(merge ? thing.attributes : new Map(), attributes);
  }
  thing.version += 1;
  return {};
});

const deleteThing = operation(api.DeleteThing$, (home, input: api.DeleteThingRequest): api.DeleteThingResponse => {
  const thing = home.things.get(checkedName(input.thingName));
  // That it is gone already is no error. Source: API reference, DeleteThing.
  if (!thing) return {};
  checkVersion(thing, input.expectedVersion);
  if (thing.principals.size > 0) {
    throw errors.invalid(`Cannot delete. Thing ${thing.name} is still attached to one or more principals`);
  }
  home.things.delete(thing.name);
  return {};
});

const listThings = operation(api.ListThings$, (home, input: api.ListThingsRequest): api.ListThingsResponse => {
  const { attributeName, attributeValue, usePrefixAttributeValue, nextToken, maxResults } = input;
  const violations = new Violations();
  violations.range('maxResults', maxResults);
  violations.raise();
  refuse(input.thingTypeName, 'thing types (thingTypeName)');
  const passes = ({ attributes }: Thing) => {
    if (attributeName === undefined) return true;
    const value = attributes.get(attributeName);
    if (value === undefined || attributeValue === undefined) return value !== undefined;
    return usePrefixAttributeValue ? value.startsWith(attributeValue) : value === attributeValue;
  };
  const { items, next } = page([...home.things.values()].filter(passes), nextToken, maxResults ?? MAX_PAGE);
  return {
    things: items.map(({ name, arn, attributes, version }) => ({
      thingName: name,
      thingArn: arn,
      attributes: Object.fromEntries(attributes),
      version,
    })),
    ...(next && { nextToken: next }),
  };
});

export const things: readonly OperationMaker[] = [createThing, describeThing, updateThing, deleteThing, listThings];

function shape({ name, arn, id }: Thing): { thingName: string; thingArn: string; thingId: string } {
  return { thingName: name, thingArn: arn, thingId: id };
}

function checkedName(name: string | undefined): string {
  const violations = new Violations();
  const checked = violations.thingName(name);
  violations.raise();
  return checked;
}

function checkAttributes(payload: api.AttributePayload | undefined, violations: Violations): void {
  const given = Object.entries(payload?.attributes ?? {});
  const shown = `Value '${JSON.stringify(payload?.attributes)}'`;
  if (!given.every(([name]) => ATTRIBUTE_NAME.test(name))) {
    violations.add(
      shown,
      'attributePayload.attributes',
      'Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length ' +
        'greater than or equal to 1, Member must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#-]+]',
    );
  }
  if (!given.every(([, value]) => ATTRIBUTE_VALUE.test(value))) {
    violations.add(
      shown,
      'attributePayload.attributes',
      'Map value must satisfy constraint: [Member must have length less than or equal to 800, Member must have length ' +
        'greater than or equal to 0, Member must satisfy regular expression pattern: [a-zA-Z0-9_.,@/:#=\\[\\]-]*]',
    );
  }
}

/** An attribute of no text is taken away. */
function withAttributes(
  before: ReadonlyMap<string, string>,
  given: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const all = [...new Map([...before, ...Object.entries(given)])].filter(([, value]) => value !== '');
  if (all.length > MAX_ATTRIBUTES) {
    throw errors.invalid(`A thing without a thing type may have at most ${MAX_ATTRIBUTES} attributes.`);
  }
  return new Map(all);
}

function sameAttributes(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}

function checkVersion(thing: Thing, expected: number | undefined): void {
  if (expected !== undefined && expected !== thing.version) throw errors.versionConflict(thing.name);
}
