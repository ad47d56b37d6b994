import type { AttributeDimension, SegmentDimensions, SetDimension } from '@aws-sdk/client-pinpoint';
import { errors, refuseOthers } from '../errors.ts';
import type { Endpoint } from '../model.ts';

const ATTRIBUTE_TYPES = ['INCLUSIVE', 'EXCLUSIVE', 'CONTAINS'];
const SET_TYPES = ['INCLUSIVE', 'EXCLUSIVE'];

/** What an endpoint is asked for, by the member of `Demographic` or `Location` that asks. */
const DEMOGRAPHIC = {
  AppVersion: ({ Demographic }: Endpoint) => Demographic?.AppVersion,
  Channel: ({ ChannelType }: Endpoint) => ChannelType,
  Make: ({ Demographic }: Endpoint) => Demographic?.Make,
  Model: ({ Demographic }: Endpoint) => Demographic?.Model,
  Platform: ({ Demographic }: Endpoint) => Demographic?.Platform,
} as const;
const LOCATION = { Country: ({ Location }: Endpoint) => Location?.Country } as const;

/** @throws BadRequestException, or says by name what is not supported */
export function checkDimensions(dimensions: SegmentDimensions): void {
  const { Attributes, UserAttributes, Demographic, Location } = dimensions;
  refuseOthers(dimensions, ['Attributes', 'UserAttributes', 'Demographic', 'Location'], 'a segment’s dimensions');
  refuseOthers(Demographic, Object.keys(DEMOGRAPHIC), 'a segment’s Demographic');
  refuseOthers(Location, Object.keys(LOCATION), 'a segment’s Location');
  for (const attributes of [Attributes, UserAttributes]) {
    for (const [name, { AttributeType = 'INCLUSIVE', Values }] of Object.entries(attributes ?? {})) {
      if (!ATTRIBUTE_TYPES.includes(AttributeType)) throw errors.unsupported(`the AttributeType ${AttributeType}`);
      if (!Values?.length) throw errors.missing(`Values of the attribute ${name}`);
    }
  }
  for (const sets of [Demographic, Location]) {
    for (const [name, { DimensionType = 'INCLUSIVE', Values }] of Object.entries(sets ?? {}) as [
      string,
      SetDimension,
    ][]) {
      if (!SET_TYPES.includes(DimensionType)) throw errors.bad(`Invalid DimensionType ${DimensionType} of ${name}`);
      if (!Values?.length) throw errors.missing(`Values of ${name}`);
    }
  }
}

/** True for an endpoint that satisfies every dimension. */
export function isIn(
  endpoint: Endpoint,
  { Attributes, UserAttributes, Demographic, Location }: SegmentDimensions,
): boolean {
  const every = <T>(wanted: Readonly<Record<string, T>> | undefined, test: (name: string, dimension: T) => boolean) =>
    Object.entries(wanted ?? {}).every(([name, dimension]) => test(name, dimension));
  return (
    every(Attributes, (name, dimension) => hasAttribute(endpoint.Attributes?.[name], dimension)) &&
    every(UserAttributes, (name, dimension) => hasAttribute(endpoint.User?.UserAttributes?.[name], dimension)) &&
    every(Demographic as Sets, (name, set) => inSet(DEMOGRAPHIC[name as keyof typeof DEMOGRAPHIC](endpoint), set)) &&
    every(Location as Sets, (name, set) => inSet(LOCATION[name as keyof typeof LOCATION](endpoint), set))
  );
}

type Sets = Readonly<Record<string, SetDimension>> | undefined;

function hasAttribute(values: readonly string[] = [], { AttributeType, Values = [] }: AttributeDimension): boolean {
  switch (AttributeType) {
    case 'EXCLUSIVE':
      return !values.some((value) => Values.includes(value));
    case 'CONTAINS':
      return values.some((value) => Values.some((part) => value.includes(part)));
    default:
      return values.some((value) => Values.includes(value));
  }
}

function inSet(value: string | undefined, { DimensionType, Values = [] }: SetDimension): boolean {
  const included = value !== undefined && Values.includes(value);
  return DimensionType === 'EXCLUSIVE' ? !included : included;
}
