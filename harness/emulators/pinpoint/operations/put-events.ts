import {
  type Event,
  type EventItemResponse,
  type EventsBatch,
  type ItemResponse,
  PutEvents$,
  type PutEventsRequest,
  type PutEventsResponse,
} from '@aws-sdk/client-pinpoint';
import { AwsError } from '../../../edge/aws-error.ts';
import { ids } from '../../../ledger/index.ts';
import { putEndpoint } from '../endpoints/endpoint.ts';
import { errors } from '../errors.ts';
import { appEventRecord } from '../events/app-event.ts';
import { readInstant } from '../instant.ts';
import { MAX_EVENT_ATTRIBUTES, MAX_EVENT_BYTES, MAX_EVENTS, MAX_EVENTS_REQUEST_BYTES } from '../limits.ts';
import type { App, Endpoint } from '../model.ts';
import { noteReceived, operation, type Parts, required } from './operation.ts';

const ACCEPTED = { StatusCode: 202, Message: 'Accepted' };

export const putEvents = operation(
  PutEvents$,
  (home, { ApplicationId, EventsRequest: request }: PutEventsRequest, parts, call): PutEventsResponse => {
    const app = home.app(ApplicationId);
    const batches = Object.entries(required(request?.BatchItem, 'BatchItem'));
    const count = batches.reduce((sum, [, batch]) => sum + Object.keys(batch.Events ?? {}).length, 0);
    if (count > MAX_EVENTS) throw errors.bad(`A request can have at most ${MAX_EVENTS} events`);
    const cause = noteReceived(app, parts, call, 'PutEvents');
    const take = (eventId: string, event: Event, endpoint: Endpoint): EventItemResponse => {
      const record = recordOf(app, endpoint, event, parts.clock.now());
      if (typeof record === 'string') return { StatusCode: 400, Message: record };
      app.eventStream?.accept({ id: ids.event(app.id, `${call.requestId}.${endpoint.Id}.${eventId}`), cause, record });
      return ACCEPTED;
    };
    const Results = batches.map(([id, batch]) => [id, putBatch(app, id, batch, parts, take)] as const);
    return { EventsResponse: { Results: Object.fromEntries(Results) } };
  },
  MAX_EVENTS_REQUEST_BYTES,
);

function putBatch(
  app: App,
  id: string,
  { Endpoint: given, Events: events }: EventsBatch,
  parts: Parts,
  take: (eventId: string, event: Event, endpoint: Endpoint) => EventItemResponse,
): ItemResponse {
  let endpointResponse = ACCEPTED;
  let endpoint = app.endpoints.get(id) ?? { Id: id };
  try {
    if (given) endpoint = putEndpoint(app, id, given, parts);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    endpointResponse = { StatusCode: error.status, Message: error.message };
  }
  const EventsItemResponse: Record<string, EventItemResponse> = {};
  for (const [eventId, event] of Object.entries(events ?? {})) {
    EventsItemResponse[eventId] = take(eventId, event, endpoint);
  }
  return { EndpointItemResponse: endpointResponse, EventsItemResponse };
}

/** The record to be streamed, or why there is none. */
function recordOf(app: App, endpoint: Endpoint, event: Event, arrivedAt: number) {
  const { EventType, Timestamp, Attributes, Metrics, Session } = event;
  if (!EventType) return 'EventType is required';
  if (!Timestamp) return 'Timestamp is required';
  const at = readInstant(Timestamp);
  if (Number.isNaN(at)) return `Timestamp ${Timestamp} is not in ISO 8601 format`;
  if (Session) {
    if (!Session.Id) return 'Session.Id is required';
    if (Number.isNaN(readInstant(Session.StartTimestamp ?? ''))) {
      return 'Session.StartTimestamp is not in ISO 8601 format';
    }
    if (Session.StopTimestamp !== undefined && Number.isNaN(readInstant(Session.StopTimestamp))) {
      return 'Session.StopTimestamp is not in ISO 8601 format';
    }
  }
  const values = Object.keys(Attributes ?? {}).length + Object.keys(Metrics ?? {}).length;
  if (values > MAX_EVENT_ATTRIBUTES) return `An event can have at most ${MAX_EVENT_ATTRIBUTES} attributes and metrics`;
  const record = appEventRecord({ app, endpoint, event, at, arrivedAt });
  const bytes = Buffer.byteLength(JSON.stringify(record));
  return bytes > MAX_EVENT_BYTES ? `The event is larger than ${MAX_EVENT_BYTES} bytes` : record;
}
