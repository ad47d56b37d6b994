import {
  StartMessageMoveTask$,
  type StartMessageMoveTaskRequest,
  type StartMessageMoveTaskResult,
} from '@aws-sdk/client-sqs';
import type { Operation } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import { MAX_MOVE_RATE } from '../limits.ts';
import { taskHandle } from '../move-tasks.ts';
import type { Queues } from '../queues.ts';

/** API_StartMessageMoveTask.html */
export function startMessageMoveTask(
  queues: Queues,
): Operation<StartMessageMoveTaskRequest, StartMessageMoveTaskResult> {
  return {
    schema: StartMessageMoveTask$,
    run({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate }, call) {
      if (!SourceArn) throw errors.missing('SourceArn');
      const source = queues.find(SourceArn);
      if (!source) throw errors.notFound("The resource that you specified for the SourceArn parameter doesn't exist.");
      if (queues.sourcesOf(SourceArn).length === 0) {
        throw errors.invalid('Source queue must be configured as a Dead Letter Queue.');
      }
      if (rate !== undefined && (rate < 1 || rate > MAX_MOVE_RATE)) {
        const reason = `Must be between 1 and ${MAX_MOVE_RATE}, if provided.`;
        throw errors.invalidValue(rate, 'MaxNumberOfMessagesPerSecond', reason);
      }
      if (DestinationArn) {
        const destination = queues.find(DestinationArn);
        if (!destination) {
          throw errors.notFound("The resource that you specified for the DestinationArn parameter doesn't exist.");
        }
        if (destination.fifo !== source.fifo) {
          throw errors.invalid('Source queue and destination queue must be of the same type.');
        }
      }
      const task = queues.moveTasks.start(source, DestinationArn, rate, call);
      return { TaskHandle: taskHandle(task) };
    },
  };
}
