import {
  FilterLogEvents$,
  type FilterLogEventsRequest,
  type FilterLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import type { LogGroup } from '../catalog.ts';
import { EVENTS_LIMIT, LOG_STREAM_NAME, member, NEXT_TOKEN, size, TIMESTAMP, validate } from '../constraints.ts';
import { invalidParameter, invalidToken, unsupported } from '../errors.ts';
import { readPage } from '../page.ts';
import { compilePattern } from '../pattern.ts';
import { formatPosition, parsePosition, seal, unseal } from '../positions.ts';
import type { LogService } from '../service.ts';

const MAX_STREAM_NAMES = 100;
const MAX_PATTERN_LENGTH = 1024;
/** Before this instant `startFromHead: false` is not offered. */
const NEWEST_FIRST_SINCE = Date.UTC(2024, 0, 1);

/** API_FilterLogEvents.html */
export function filterLogEvents(service: LogService): Operation<FilterLogEventsRequest, FilterLogEventsResponse> {
  return {
    schema: FilterLogEvents$,
    run(input, call) {
      const { logStreamNames, logStreamNamePrefix, startTime, endTime, filterPattern, limit, nextToken } = input;
      validate(
        size('logStreamNames', logStreamNames?.length, { min: 1, max: MAX_STREAM_NAMES }),
        ...(logStreamNames ?? []).map((name, at) => member(`logStreamNames.${at + 1}.member`, name, LOG_STREAM_NAME)),
        member('logStreamNamePrefix', logStreamNamePrefix, LOG_STREAM_NAME),
        member('startTime', startTime, TIMESTAMP),
        member('endTime', endTime, TIMESTAMP),
        member('filterPattern', filterPattern, { max: MAX_PATTERN_LENGTH }),
        member('limit', limit, EVENTS_LIMIT),
        member('nextToken', nextToken, NEXT_TOKEN),
      );
      if (logStreamNames && logStreamNamePrefix !== undefined) {
        throw invalidParameter('logStreamNamePrefix and logStreamNames are mutually exclusive parameters.');
      }
      if (input.unmask) throw unsupported('Unmasking of log events');
      if (input.startFromHead === false && (startTime ?? 0) < NEWEST_FIRST_SINCE) {
        throw invalidParameter('startFromHead can be false only when startTime is on or after 2024-01-01T00:00:00Z.');
      }
      const group = service.groupOf(call, input.logGroupName, input.logGroupIdentifier);
      const streams = streamsToSearch(service, group, logStreamNames, logStreamNamePrefix);
      const matches = compilePattern(filterPattern ?? '');
      const token = nextToken === undefined ? undefined : readToken(nextToken);
      const descending = token?.descending ?? input.startFromHead === false;

      const names = new Map([...group.streams.values()].map(({ id, name }) => [id, name]));
      const { events, more } = readPage(service, group, {
        from: startTime ?? 0,
        to: endTime ?? Number.MAX_SAFE_INTEGER,
        after: token?.position,
        descending,
        limit,
        accepts: (event) => (!streams || streams.has(event.stream)) && matches(event.message),
      });
      const last = events.at(-1);
      return {
        events: events.map((event) => ({
          logStreamName: names.get(event.stream),
          timestamp: event.t,
          message: event.message,
          ingestionTime: event.ingested,
          eventId: formatPosition(event),
        })),
        // Always empty, since May 2020.
        searchedLogStreams: [],
        ...(last && more ? { nextToken: seal([formatPosition(last), descending ? 'backward' : 'forward']) } : {}),
      };
    },
  };
}

/** The streams' numbers, or undefined for all. */
function streamsToSearch(
  service: LogService,
  group: LogGroup,
  names: readonly string[] | undefined,
  prefix: string | undefined,
): Set<number> | undefined {
  if (names) return new Set(names.map((name) => service.stream(group, name).id));
  if (prefix === undefined) return undefined;
  return new Set([...group.streams.values()].filter(({ name }) => name.startsWith(prefix)).map(({ id }) => id));
}

function readToken(token: string) {
  const [digits, direction] = unseal(token, 2) ?? [];
  const position = typeof digits === 'string' ? parsePosition(digits) : undefined;
  if (!position || (direction !== 'forward' && direction !== 'backward')) throw invalidToken();
  return { position, descending: direction === 'backward' };
}
