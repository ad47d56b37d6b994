import { ListStreams$, type ListStreamsCommandInput, type ListStreamsCommandOutput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../../../edge/emulator.ts';
import { DEFAULT_PAGE, MAX_NAME_LENGTH, MAX_NEXT_TOKEN_LENGTH, MAX_PAGE, NAME_PATTERN } from '../limits.ts';
import type { Streams } from '../streams.ts';
import { readToken, writeToken } from '../tokens.ts';
import { Violations } from '../violations.ts';

export function listStreams(
  streams: Streams,
): Operation<ListStreamsCommandInput, Omit<ListStreamsCommandOutput, '$metadata'>> {
  return {
    schema: ListStreams$,
    run({ Limit = DEFAULT_PAGE, ExclusiveStartStreamName, NextToken }, call) {
      const violations = new Violations();
      violations.range('limit', Limit, 1, MAX_PAGE);
      violations.text('exclusiveStartStreamName', ExclusiveStartStreamName, 1, MAX_NAME_LENGTH, NAME_PATTERN);
      violations.text('nextToken', NextToken, 1, MAX_NEXT_TOKEN_LENGTH);
      violations.raise();
      const now = streams.context.clock.now();
      const after = (NextToken === undefined ? ExclusiveStartStreamName : readToken(NextToken, now).after) ?? '';
      const found = streams.list(call).filter(({ name }) => name > after);
      const page = found.slice(0, Limit);
      const last = page.at(-1);
      return {
        StreamNames: page.map(({ name }) => name),
        HasMoreStreams: found.length > Limit,
        ...(found.length > Limit && last ? { NextToken: writeToken({ after: last.name }, now) } : {}),
        StreamSummaries: page.map(({ name, arn, status, mode, createdAt }) => ({
          StreamName: name,
          StreamARN: arn,
          StreamStatus: status,
          StreamModeDetails: { StreamMode: mode },
          StreamCreationTimestamp: new Date(createdAt),
        })),
      };
    },
  };
}
