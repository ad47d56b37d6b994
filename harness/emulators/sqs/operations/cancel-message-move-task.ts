import {
  CancelMessageMoveTask$,
  type CancelMessageMoveTaskRequest,
  type CancelMessageMoveTaskResult,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { readTaskHandle } from '../move-tasks.ts';
import type { Queues } from '../queues.ts';

/** API_CancelMessageMoveTask.html */
export function cancelMessageMoveTask(
  queues: Queues,
): Operation<CancelMessageMoveTaskRequest, CancelMessageMoveTaskResult> {
  return {
    schema: CancelMessageMoveTask$,
    run({ TaskHandle }) {
      if (!TaskHandle) throw errors.missing('TaskHandle');
      const { id, sourceArn } = readTaskHandle(TaskHandle);
      if (!queues.find(sourceArn)) {
        throw errors.notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
      }
      const task = queues.moveTasks.list(sourceArn).find((one) => one.id === id);
      if (!task) throw errors.notFound('Task does not exist.');
      if (task.status !== 'RUNNING') throw errors.invalid('Only active tasks can be cancelled.');
      queues.moveTasks.cancel(task);
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
  };
}
