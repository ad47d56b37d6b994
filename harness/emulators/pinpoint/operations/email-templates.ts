import type { EmailTemplateRequest } from '@aws-sdk/client-pinpoint';
import { refuseOthers } from '../errors.ts';
import { required } from './operation.ts';

/** What a request says of a template, checked. */
export function readEmailTemplate(given: EmailTemplateRequest | undefined): EmailTemplateRequest {
  const template = required(given, 'EmailTemplateRequest');
  const known = ['HtmlPart', 'Subject', 'TemplateDescription', 'TextPart', 'tags'];
  refuseOthers(template, known, 'an email template');
  return template;
}
