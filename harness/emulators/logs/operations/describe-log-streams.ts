import {
  DescribeLogStreams$,
  type DescribeLogStreamsRequest,
  type DescribeLogStreamsResponse,
  type LogStream as LogStreamDescription,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Operation } from '../../../edge/emulator.ts';
import { byName, type LogStream } from '../catalog.ts';
import { DESCRIBE_LIMIT, LOG_STREAM_NAME, member, NEXT_TOKEN, validate } from '../constraints.ts';
import { invalidParameter, invalidToken } from '../errors.ts';
import { formatPosition, seal, unseal } from '../positions.ts';
import type { LogService } from '../service.ts';

const DEFAULT_LIMIT = 50;
const ORDERS = ['LogStreamName', 'LastEventTime'];

/** API_DescribeLogStreams.html */
export function describeLogStreams(
  service: LogService,
): Operation<DescribeLogStreamsRequest, DescribeLogStreamsResponse> {
  return {
    schema: DescribeLogStreams$,
    run(input, call) {
      const { logStreamNamePrefix: prefix, orderBy = 'LogStreamName', descending = false } = input;
      const { limit = DEFAULT_LIMIT, nextToken } = input;
      validate(
        member('logStreamNamePrefix', prefix, LOG_STREAM_NAME),
        member('orderBy', orderBy, { values: ORDERS }),
        member('nextToken', nextToken, NEXT_TOKEN),
        member('limit', limit, DESCRIBE_LIMIT),
      );
      if (orderBy === 'LastEventTime' && prefix !== undefined) {
        throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
      }
      const group = service.groupOf(call, input.logGroupName, input.logGroupIdentifier);

      const order = comparison(orderBy === 'LastEventTime', descending);
      const after = nextToken === undefined ? undefined : readToken(nextToken);
      const wanted = [...group.streams.values()]
        .filter((stream) => stream.name.startsWith(prefix ?? '') && (!after || order(after, stream) < 0))
        .sort(order);
      const page = wanted.slice(0, limit);
      const last = page.at(-1);
      return {
        logStreams: page.map(describe),
        ...(last && wanted.length > limit ? { nextToken: seal([last.name, last.lastEventAt ?? 0]) } : {}),
      };
    },
  };
}

type Ordered = Pick<LogStream, 'name' | 'lastEventAt'>;

/** Streams without events count as the oldest. */
function comparison(byTime: boolean, descending: boolean): (a: Ordered, b: Ordered) => number {
  const sign = descending ? -1 : 1;
  return (a, b) => sign * ((byTime ? (a.lastEventAt ?? 0) - (b.lastEventAt ?? 0) : 0) || byName(a, b));
}

function readToken(token: string): Ordered {
  const [name, lastEventAt] = unseal(token, 2) ?? [];
  if (typeof name !== 'string' || typeof lastEventAt !== 'number') throw invalidToken();
  return { name, lastEventAt };
}

function describe(stream: LogStream): LogStreamDescription {
  const { firstEventAt, lastEventAt, lastIngestedAt } = stream;
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    ...(firstEventAt === undefined ? {} : { firstEventTimestamp: firstEventAt }),
    ...(lastEventAt === undefined ? {} : { lastEventTimestamp: lastEventAt }),
    ...(lastIngestedAt === undefined ? {} : { lastIngestionTime: lastIngestedAt }),
    uploadSequenceToken: formatPosition({ t: lastIngestedAt ?? stream.createdAt, id: stream.id }),
    arn: stream.arn,
    // No longer kept for streams, since June 2019.
    storedBytes: 0,
  };
}
