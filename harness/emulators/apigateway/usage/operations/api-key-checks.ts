import { badRequest } from '../../errors.ts';

/** Recorded from AWS, as are the messages. */
const MAX_NAME_LENGTH = 1024;
const MAX_DESCRIPTION_LENGTH = 125_000;
const MIN_VALUE_LENGTH = 20;
const MAX_VALUE_LENGTH = 128;

export function checkKeyName(name: string | undefined): void {
  if ((name?.length ?? 0) > MAX_NAME_LENGTH) {
    throw badRequest(`Invalid API Key name, can be at most ${MAX_NAME_LENGTH} characters.`);
  }
}

export function checkKeyDescription(description: string | undefined): void {
  if ((description?.length ?? 0) > MAX_DESCRIPTION_LENGTH) throw badRequest('Invalid API Key description specified.');
}

export function checkKeyValue(value: string): void {
  if (value.length < MIN_VALUE_LENGTH) {
    throw badRequest(`API Key value should be at least ${MIN_VALUE_LENGTH} characters`);
  }
  if (value.length > MAX_VALUE_LENGTH) {
    throw badRequest(`API Key value exceeds maximum size of ${MAX_VALUE_LENGTH} characters`);
  }
}
