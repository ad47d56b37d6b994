import {
  UpdateEmailTemplate$,
  type UpdateEmailTemplateRequest,
  type UpdateEmailTemplateResponse,
} from '@aws-sdk/client-pinpoint';
import { readEmailTemplate } from './email-templates.ts';
import { operation } from './operation.ts';

export const updateEmailTemplate = operation(
  UpdateEmailTemplate$,
  (home, input: UpdateEmailTemplateRequest, { clock }, call): UpdateEmailTemplateResponse => {
    const present = home.template(input.TemplateName);
    const { tags, ...given } = readEmailTemplate(input.EmailTemplateRequest);
    const version = input.CreateNewVersion ? present.version + 1 : present.version;
    home.templates.set(present.name, { ...present, ...given, version, modifiedAt: clock.now() });
    return { MessageBody: { Message: 'Accepted', RequestID: call.requestId } };
  },
);
