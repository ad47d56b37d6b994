import { errors } from '../errors.ts';
import { MAX_TOPIC_BYTES, MAX_TOPIC_SLASHES } from '../limits.ts';

/** @throws InvalidRequestException, NotImplementedException */
export function checkTopic(topic: string | undefined): string {
  if (!topic || /[+#\0]/.test(topic)) throw errors.invalid('The topic is not valid.');
  if (Buffer.byteLength(topic) > MAX_TOPIC_BYTES) {
    throw errors.invalid(`The topic is longer than ${MAX_TOPIC_BYTES} bytes.`);
  }
  if (topic.startsWith('$')) throw errors.unsupported('reserved topics, those that begin with $');
  if (topic.split('/').length - 1 > MAX_TOPIC_SLASHES) {
    throw errors.invalid(`The topic has more than ${MAX_TOPIC_SLASHES} slashes.`);
  }
  return topic;
}
