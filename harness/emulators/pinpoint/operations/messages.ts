import type { Template } from '@aws-sdk/client-pinpoint';
import { checkContent, type MailContent } from '../email/content.ts';
import { errors, refuseOthers } from '../errors.ts';
import type { App, EmailChannel } from '../model.ts';
import type { Home } from '../registry.ts';

/** The channel that mails are sent through. */
export function enabledChannel({ emailChannel }: App): EmailChannel {
  if (!emailChannel?.Enabled) throw errors.bad('The email channel is not enabled for this application');
  return emailChannel;
}

/** What a message template says. */
export function templateContent(home: Home, { Name, Version }: Template): MailContent {
  const { Subject, HtmlPart, TextPart, version } = home.template(Name);
  if (Version && Version !== String(version) && Version !== 'latest' && Version !== 'active') {
    throw errors.unsupported(`version ${Version} of the template ${Name}, only its newest`);
  }
  return content(Subject, HtmlPart, TextPart);
}

/** @throws BadRequestException for a message without content */
export function content(subject: string | undefined, html: string | undefined, text: string | undefined): MailContent {
  if (!html && !text) throw errors.missing('the body of the email message');
  const made = { subject: subject ?? '', html: html || undefined, text: text || undefined };
  checkContent(made);
  return made;
}

/** Refuses messages of channels other than email. */
export function refuseOtherChannels(configuration: object | undefined, template: object | undefined): void {
  refuseOthers(configuration, ['EmailMessage'], 'MessageConfiguration, only EmailMessage');
  refuseOthers(template, ['EmailTemplate'], 'TemplateConfiguration, only EmailTemplate');
}
