import {
  GetEmailTemplate$,
  type GetEmailTemplateRequest,
  type GetEmailTemplateResponse,
} from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { iso } from '../instant.ts';
import { operation } from './operation.ts';
import { writeTags } from './tags.ts';

export const getEmailTemplate = operation(
  GetEmailTemplate$,
  (home, { TemplateName, Version }: GetEmailTemplateRequest): GetEmailTemplateResponse => {
    const template = home.template(TemplateName);
    const { arn, createdAt, HtmlPart, modifiedAt, name, Subject, TemplateDescription, TextPart, version } = template;
    if (Version && Version !== String(version)) throw errors.notFound();
    return {
      EmailTemplateResponse: {
        Arn: arn,
        CreationDate: iso(createdAt),
        HtmlPart,
        LastModifiedDate: iso(modifiedAt),
        Subject,
        ...writeTags(template.tagMap),
        TemplateDescription,
        TemplateName: name,
        TemplateType: 'EMAIL',
        TextPart,
        Version: String(version),
      },
    };
  },
);
