import {
  DeleteEmailTemplate$,
  type DeleteEmailTemplateRequest,
  type DeleteEmailTemplateResponse,
} from '@aws-sdk/client-pinpoint';
import { operation } from './operation.ts';

export const deleteEmailTemplate = operation(
  DeleteEmailTemplate$,
  (home, { TemplateName }: DeleteEmailTemplateRequest, _parts, call): DeleteEmailTemplateResponse => {
    home.templates.delete(home.template(TemplateName).name);
    return { MessageBody: { Message: 'Accepted', RequestID: call.requestId } };
  },
);
