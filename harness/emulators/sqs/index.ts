import type { Emulator, EmulatorContext, Operation } from '../../edge/emulator.ts';
import type { QueueWatch } from '../../edge/queue-watch.ts';
import type { MetricSink } from '../../edge/sinks.ts';
import { addPermission } from './operations/add-permission.ts';
import { cancelMessageMoveTask } from './operations/cancel-message-move-task.ts';
import { changeMessageVisibility } from './operations/change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './operations/change-message-visibility-batch.ts';
import { createQueue } from './operations/create-queue.ts';
import { deleteMessage } from './operations/delete-message.ts';
import { deleteMessageBatch } from './operations/delete-message-batch.ts';
import { deleteQueue } from './operations/delete-queue.ts';
import { getQueueAttributes } from './operations/get-queue-attributes.ts';
import { getQueueUrl } from './operations/get-queue-url.ts';
import { listDeadLetterSourceQueues } from './operations/list-dead-letter-source-queues.ts';
import { listMessageMoveTasks } from './operations/list-message-move-tasks.ts';
import { listQueueTags } from './operations/list-queue-tags.ts';
import { listQueues } from './operations/list-queues.ts';
import { purgeQueue } from './operations/purge-queue.ts';
import { receiveMessage } from './operations/receive-message.ts';
import { removePermission } from './operations/remove-permission.ts';
import { sendMessage } from './operations/send-message.ts';
import { sendMessageBatch } from './operations/send-message-batch.ts';
import { setQueueAttributes } from './operations/set-queue-attributes.ts';
import { startMessageMoveTask } from './operations/start-message-move-task.ts';
import { tagQueue } from './operations/tag-queue.ts';
import { untagQueue } from './operations/untag-queue.ts';
import { Queues } from './queues.ts';

const OPERATIONS: readonly ((queues: Queues) => Operation)[] = [
  addPermission,
  cancelMessageMoveTask,
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  createQueue,
  deleteMessage,
  deleteMessageBatch,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listMessageMoveTasks,
  listQueueTags,
  listQueues,
  purgeQueue,
  receiveMessage,
  removePermission,
  sendMessage,
  sendMessageBatch,
  setQueueAttributes,
  startMessageMoveTask,
  tagQueue,
  untagQueue,
];

/** Amazon SQS on the bench's clock. What it does as AWS does, and what not, is in docs/fidelity/sqs.md. */
export function createSqs(
  context: EmulatorContext,
  options: { readonly metrics: MetricSink },
): Emulator & { readonly watch: QueueWatch } {
  const queues = new Queues(context, options.metrics);
  return {
    service: 'sqs',
    protocol: { kind: 'json', version: '1.0', targetPrefix: 'AmazonSQS', queryCompatible: true },
    operations: OPERATIONS.map((make) => make(queues)),
    watch: { whenReceivable: (...asked) => queues.whenReceivable(...asked) },
    stop: async () => queues.clear(),
    reset: async () => queues.clear(),
    held: () => queues.held(),
  };
}
