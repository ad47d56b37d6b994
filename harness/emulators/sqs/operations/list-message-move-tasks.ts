import {
  ListMessageMoveTasks$,
  type ListMessageMoveTasksRequest,
  type ListMessageMoveTasksResult,
  type ListMessageMoveTasksResultEntry,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { MAX_MOVE_TASKS } from '../limits.ts';
import { type MoveTask, taskHandle } from '../move-tasks.ts';
import type { Queues } from '../queues.ts';

/** API_ListMessageMoveTasks.html */
export function listMessageMoveTasks(
  queues: Queues,
): Operation<ListMessageMoveTasksRequest, ListMessageMoveTasksResult> {
  return {
    schema: ListMessageMoveTasks$,
    run({ SourceArn, MaxResults = 1 }) {
      if (!SourceArn) throw errors.missing('SourceArn');
      if (!/^arn:[^:]+:sqs:[^:]+:[^:]+:[^:]+$/.test(SourceArn)) {
        throw errors.invalid(
          'You must use this format to specify the SourceArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>',
        );
      }
      if (!queues.find(SourceArn)) {
        throw errors.notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
      }
      if (MaxResults < 1 || MaxResults > MAX_MOVE_TASKS) {
        const reason = `Must be between 1 and ${MAX_MOVE_TASKS}, if provided.`;
        throw errors.invalidValue(MaxResults, 'MaxResults', reason);
      }
      return { Results: queues.moveTasks.list(SourceArn).slice(0, MaxResults).map(shown) };
    },
  };
}

function shown(task: MoveTask): ListMessageMoveTasksResultEntry {
  return {
    ...(task.status === 'RUNNING' ? { TaskHandle: taskHandle(task) } : {}),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn === undefined ? {} : { DestinationArn: task.destinationArn }),
    ...(task.rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: task.rate }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failureReason === undefined ? {} : { FailureReason: task.failureReason }),
    StartedTimestamp: task.startedAt,
  };
}
