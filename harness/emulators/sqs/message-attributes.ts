import { createHash } from 'node:crypto';
import type { MessageAttribute } from './engine/message.ts';
import { errors } from './errors.ts';
import { MAX_MESSAGE_ATTRIBUTES } from './limits.ts';

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_NAME_LENGTH = 256;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
const NAME = /^[\w.\-\u00c0-\u017f]+$/;
const INVALID_CHARACTERS =
  'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF';

/** True for text of the characters that a message may have, which are those of XML. */
export function isValidText(text: string): boolean {
  return /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);
}

export { INVALID_CHARACTERS };

export function checkAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_MESSAGE_ATTRIBUTES) {
    throw errors.invalid(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_MESSAGE_ATTRIBUTES}].`,
    );
  }
  for (const [name, attribute] of entries) {
    checkName(name);
    checkType(attribute.DataType);
    checkValue(name, attribute);
  }
}

function checkName(name: string): void {
  if (name.length >= MAX_NAME_LENGTH) {
    throw errors.invalid('Message (user) attribute names must be shorter than 256 Bytes');
  }
  if (!NAME.test(name)) {
    throw errors.invalid(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    );
  }
  if (/^(?:aws\.|amazon\.|\.)|\.$/i.test(name)) {
    throw errors.invalid(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use. Additionally, they cannot start or end with '.'.",
    );
  }
}

function checkType(type: string | undefined): void {
  if (!type) throw errors.invalid('Missing required parameter DataType');
  if (!/^(?:String|Number|Binary)/.test(type)) {
    throw errors.invalid(
      `Type for parameter MessageAttributes.Attribute_name.DataType must be prefixed with "String", "Binary", or "Number", but was: ${type}`,
    );
  }
  if (type.length >= MAX_NAME_LENGTH) {
    throw errors.invalid('Message (user) attribute types must be shorter than 256 Bytes');
  }
}

function checkValue(name: string, { DataType = '', StringValue, BinaryValue }: MessageAttribute): void {
  const type = DataType.split('.', 1)[0];
  const isEmpty = type === 'Binary' ? !BinaryValue?.length : !StringValue;
  if (isEmpty) {
    throw errors.invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);
  }
  if (StringValue !== undefined && !isValidText(StringValue)) throw errors.invalid(INVALID_CHARACTERS);
  if (type === 'Number' && !(StringValue?.trim() && Number.isFinite(Number(StringValue)))) {
    throw errors.invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** Bytes that attributes count for: their names, types and values. */
export function sizeOf(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { DataType = '', StringValue = '', BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    bytes += BinaryValue?.length ?? 0;
  }
  return bytes;
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/**
 * What senders and receivers check a message's attributes by; undefined where there are none
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html).
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const { DataType = '', StringValue, BinaryValue } = attributes[name] as MessageAttribute;
    add(Buffer.from(name));
    add(Buffer.from(DataType));
    hash.update(Buffer.from([StringValue === undefined ? 2 : 1]));
    add(StringValue === undefined ? (BinaryValue ?? Buffer.alloc(0)) : Buffer.from(StringValue));
  }
  return hash.digest('hex');
}

/** The attributes that a receiver asks for: by name, by the beginning of names (`order.*`), or `All`. */
export function chosenAttributes(attributes: MessageAttributes, names: readonly string[]): MessageAttributes {
  if (names.length === 0) return {};
  if (names.some((name) => name === 'All' || name === '.*' || name === '*')) return attributes;
  const prefixes = names.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  const isChosen = (name: string) => names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix));
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isChosen(name)));
}
