import { GetLogEvents$, type GetLogEventsRequest, type GetLogEventsResponse } from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import type { LogGroup, LogStream } from '../catalog.ts';
import { EVENTS_LIMIT, LOG_STREAM_NAME, member, NEXT_TOKEN, TIMESTAMP, validate } from '../constraints.ts';
import { invalidToken, unsupported } from '../errors.ts';
import type { Position } from '../event-store.ts';
import { readPage } from '../page.ts';
import { type Direction, formatToken, parseToken } from '../positions.ts';
import type { LogService } from '../service.ts';

/** API_GetLogEvents.html */
export function getLogEvents(service: LogService): Operation<GetLogEventsRequest, GetLogEventsResponse> {
  return {
    schema: GetLogEvents$,
    run(input, call) {
      const { logStreamName, startTime, endTime, limit, nextToken } = input;
      validate(
        member('logStreamName', logStreamName, { ...LOG_STREAM_NAME, required: true }),
        member('startTime', startTime, TIMESTAMP),
        member('endTime', endTime, TIMESTAMP),
        member('limit', limit, EVENTS_LIMIT),
        member('nextToken', nextToken, NEXT_TOKEN),
      );
      if (input.unmask) throw unsupported('Unmasking of log events');
      const group = service.groupOf(call, input.logGroupName, input.logGroupIdentifier);
      const stream = service.stream(group, logStreamName);
      const token = nextToken === undefined ? undefined : parseToken(nextToken);
      if (nextToken !== undefined && !token) throw invalidToken();

      const direction: Direction = token?.direction ?? (input.startFromHead ? 'forward' : 'backward');
      const { events } = readPage(service, group, {
        stream: stream.id,
        from: startTime ?? 0,
        // The end is exclusive here, unlike in FilterLogEvents.
        to: endTime === undefined ? Number.MAX_SAFE_INTEGER : endTime - 1,
        after: token?.position,
        descending: direction === 'backward',
        limit,
      });
      if (direction === 'backward') events.reverse();
      const [first, last] = [events[0], events.at(-1)];
      const here = token?.position ?? emptyPosition(service, group, stream);
      return {
        events: events.map(({ t, message, ingested }) => ({ timestamp: t, message, ingestionTime: ingested })),
        nextForwardToken: formatToken('forward', last ?? here),
        nextBackwardToken: formatToken('backward', first ?? here),
      };
    },
  };
}

/** Where the tokens of an answer without events point: before whatever the stream may get within its retention. */
function emptyPosition(service: LogService, group: LogGroup, stream: LogStream): Position {
  return { t: Math.max(0, Math.min(service.retainedFrom(group), stream.createdAt)), id: 0 };
}
