import {
  CreateEmailTemplate$,
  type CreateEmailTemplateRequest,
  type CreateEmailTemplateResponse,
} from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { readEmailTemplate } from './email-templates.ts';
import { operation, required } from './operation.ts';
import { readTags } from './tags.ts';

/** Source: API reference, "Email template": alphanumeric, hyphens and underscores, up to 128 characters. */
const NAME = /^[A-Za-z0-9][\w-]{0,127}$/;

export const createEmailTemplate = operation(
  CreateEmailTemplate$,
  (home, input: CreateEmailTemplateRequest, { clock }, call): CreateEmailTemplateResponse => {
    const name = required(input.TemplateName, 'TemplateName');
    if (!NAME.test(name)) throw errors.bad(`Invalid TemplateName ${name}`);
    const given = readEmailTemplate(input.EmailTemplateRequest);
    if (home.templates.has(name)) throw errors.conflict(`A template with the name ${name} already exists`);
    const arn = home.arn(`templates/${name}/EMAIL`);
    const now = clock.now();
    const tagMap = readTags(given.tags);
    home.templates.set(name, { ...given, name, arn, createdAt: now, modifiedAt: now, version: 1, tagMap });
    return { CreateTemplateMessageBody: { Arn: arn, Message: 'Accepted', RequestID: call.requestId } };
  },
);
