import type { ApplicationResponse } from '@aws-sdk/client-pinpoint';
import { iso } from '../instant.ts';
import type { App } from '../model.ts';
import { writeTags } from './tags.ts';

export function applicationResponse({ arn, id, name, createdAt, tags }: App): ApplicationResponse {
  return { Arn: arn, Id: id, Name: name, CreationDate: iso(createdAt), ...writeTags(tags) };
}
