import type { EndpointRequest, EndpointUser, PublicEndpoint } from '@aws-sdk/client-pinpoint';
import type { Clock, Random } from '../../../clock/index.ts';
import { errors } from '../errors.ts';
import { readInstant } from '../instant.ts';
import type { App, Endpoint } from '../model.ts';

/** Cohorts are 100 random groups of equal size. Source: API reference, EndpointResponse, CohortId. */
const COHORTS = 100;

const CHANNELS = [
  ...['PUSH', 'GCM', 'APNS', 'APNS_SANDBOX', 'APNS_VOIP', 'APNS_VOIP_SANDBOX', 'ADM', 'SMS', 'VOICE', 'EMAIL'],
  ...['BAIDU', 'CUSTOM', 'IN_APP'],
];

/**
 * Makes or changes an endpoint: what is given replaces what was there, attributes and metrics one by one.
 *
 * @throws BadRequestException
 */
export function putEndpoint(
  app: App,
  id: string,
  given: EndpointRequest | PublicEndpoint,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Endpoint {
  checkEndpoint(given);
  const present = app.endpoints.get(id);
  const now = new Date(clock.now()).toISOString();
  const { Attributes, Metrics, User, ...rest } = given;
  const endpoint: Endpoint = {
    CohortId: String(random.integer(COHORTS)),
    CreationDate: now,
    ...present,
    EffectiveDate: now,
    EndpointStatus: 'ACTIVE',
    OptOut: present?.OptOut ?? 'NONE',
    ...defined(rest),
    ...merged('Attributes', present?.Attributes, Attributes),
    ...merged('Metrics', present?.Metrics, Metrics),
    ...user(present?.User, User),
    ApplicationId: app.id,
    Id: id,
  };
  if (present === undefined || given.Address !== undefined) retireOthers(app, endpoint);
  app.endpoints.set(id, endpoint);
  shareUserAttributes(app, endpoint);
  return endpoint;
}

function checkEndpoint({ ChannelType, OptOut, EndpointStatus, EffectiveDate }: EndpointRequest): void {
  if (ChannelType && !CHANNELS.includes(ChannelType)) throw errors.bad(`Invalid ChannelType ${ChannelType}`);
  if (OptOut && OptOut !== 'ALL' && OptOut !== 'NONE') throw errors.bad(`Invalid OptOut ${OptOut}`);
  if (EndpointStatus && EndpointStatus !== 'ACTIVE' && EndpointStatus !== 'INACTIVE') {
    throw errors.bad(`Invalid EndpointStatus ${EndpointStatus}`);
  }
  if (EffectiveDate && Number.isNaN(readInstant(EffectiveDate)))
    throw errors.bad(`Invalid EffectiveDate ${EffectiveDate}`);
}

/** Source: API reference, EndpointStatus: INACTIVE once another endpoint has the same address. */
function retireOthers(app: App, { Id, Address, ChannelType }: Endpoint): void {
  if (Address === undefined) return;
  const key = addressKey(ChannelType, Address);
  const owner = app.addresses.get(key);
  app.addresses.set(key, Id);
  const other = owner === undefined || owner === Id ? undefined : app.endpoints.get(owner);
  if (other?.Address === Address) app.endpoints.set(other.Id, { ...other, EndpointStatus: 'INACTIVE' });
}

function addressKey(channel: string | undefined, address: string): string {
  return `${channel ?? ''} ${address}`;
}

/** All endpoints of a user have the same user attributes. Source: API reference, EndpointUser. */
function shareUserAttributes(app: App, { Id, User }: Endpoint): void {
  const userId = User?.UserId;
  if (userId === undefined) return;
  const ids = app.users.get(userId) ?? new Set();
  app.users.set(userId, ids.add(Id));
  if (User?.UserAttributes === undefined) return;
  for (const id of ids) {
    const other = app.endpoints.get(id);
    if (other && id !== Id && other.User?.UserId === userId) app.endpoints.set(id, { ...other, User });
  }
}

export function endpointsOfUser(app: App, userId: string): Endpoint[] {
  const endpoints = [...(app.users.get(userId) ?? [])].map((id) => app.endpoints.get(id));
  return endpoints.filter((endpoint): endpoint is Endpoint => endpoint?.User?.UserId === userId);
}

function user(present: EndpointUser | undefined, given: EndpointUser | undefined): { User?: EndpointUser } {
  if (!given) return present ? { User: present } : {};
  const id = given.UserId ?? present?.UserId;
  const sameUser = given.UserId === undefined || given.UserId === present?.UserId;
  const attributes = merged('UserAttributes', sameUser ? present?.UserAttributes : undefined, given.UserAttributes);
  return { User: { ...(id === undefined ? {} : { UserId: id }), ...attributes } };
}

/** What is given replaces what was there; null or an empty list takes it away. */
function merged<Name extends string, T>(
  name: Name,
  present: Readonly<Record<string, T>> | undefined,
  given: Readonly<Record<string, T | null>> | null | undefined,
): { [key in Name]?: Record<string, T> } {
  if (!given && !present) return {};
  const all = Object.entries({ ...present, ...given }).filter(
    (entry): entry is [string, T] => entry[1] !== null && !(Array.isArray(entry[1]) && entry[1].length === 0),
  );
  return { [name]: Object.fromEntries(all) } as { [key in Name]?: Record<string, T> };
}

function defined<T extends object>(given: T): Partial<T> {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries) as Partial<T>;
}
