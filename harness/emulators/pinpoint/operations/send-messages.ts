import {
  type AddressConfiguration,
  type EndpointSendConfiguration,
  type MessageRequest,
  type MessageResult,
  SendMessages$,
  type SendMessagesRequest,
  type SendMessagesResponse,
} from '@aws-sdk/client-pinpoint';
import { fill, type MailContent, type Variables, variablesOf } from '../email/content.ts';
import { makeMail } from '../email/mail.ts';
import type { Sending } from '../email/mailer.ts';
import { RATES_TAG, readRates } from '../email/recipient.ts';
import { errors, refuseOthers } from '../errors.ts';
import { MAX_MESSAGE_TARGETS } from '../limits.ts';
import type { App } from '../model.ts';
import type { Home } from '../registry.ts';
import { content, enabledChannel, refuseOtherChannels, templateContent } from './messages.ts';
import { noteReceived, operation, type Parts, required } from './operation.ts';

export const sendMessages = operation(
  SendMessages$,
  (home, { ApplicationId, MessageRequest: request }: SendMessagesRequest, parts, call): SendMessagesResponse => {
    const app = home.app(ApplicationId);
    const message = readMessage(home, app, required(request, 'MessageRequest'));
    const addresses = Object.entries(request?.Addresses ?? {});
    const endpoints = Object.entries(request?.Endpoints ?? {});
    const count = addresses.length + endpoints.length;
    if (count === 0) throw errors.missing('Addresses or Endpoints');
    if (count > MAX_MESSAGE_TARGETS) throw errors.bad(`A request can have at most ${MAX_MESSAGE_TARGETS} recipients`);
    for (const [, configuration] of addresses) checkAddress(configuration);
    for (const [, configuration] of endpoints) checkOverrides(configuration);

    const sendings: Sending[] = [];
    const send = (to: Recipient): MessageResult => {
      const sending = makeSending(message, to, parts);
      sendings.push(sending);
      const { messageId } = sending.mail;
      return { DeliveryStatus: 'SUCCESSFUL', MessageId: messageId, StatusCode: 200, StatusMessage: messageId };
    };
    const Result = addresses.map(([address, configuration]): [string, MessageResult] => {
      if (!isAddress(address)) return [address, failure(400, `Invalid email address ${address}`)];
      return [address, send({ address, clientId: parts.random.uuid(), configuration, variables: {} })];
    });
    const EndpointResult = endpoints.map(([id, configuration]): [string, MessageResult & { Address?: string }] => {
      const endpoint = app.endpoints.get(id);
      if (!endpoint?.Address) return [id, failure(404, 'Resource not found')];
      const { Address, ChannelType, OptOut } = endpoint;
      if (ChannelType !== 'EMAIL')
        throw errors.unsupported(`a message to the ${ChannelType} endpoint ${id}, only EMAIL`);
      if (OptOut === 'ALL')
        return [id, { Address, ...failure(400, 'The endpoint has opted out'), DeliveryStatus: 'OPT_OUT' }];
      return [
        id,
        { Address, ...send({ address: Address, clientId: id, configuration, variables: variablesOf(endpoint) }) },
      ];
    });
    const rates = readRates(app.tags.get(RATES_TAG)) ?? {};
    parts.mailer.send(app, sendings, rates, noteReceived(app, parts, call, 'SendMessages'));
    return {
      MessageResponse: {
        ApplicationId: app.id,
        RequestId: call.requestId,
        ...(Result.length > 0 && { Result: Object.fromEntries(Result) }),
        ...(EndpointResult.length > 0 && { EndpointResult: Object.fromEntries(EndpointResult) }),
      },
    };
  },
);

interface Message {
  readonly from: string;
  readonly content: MailContent;
  readonly substitutions: Variables;
  /** Attributes for the events of the message. */
  readonly context: Readonly<Record<string, string>>;
}

interface Recipient {
  readonly address: string;
  readonly clientId: string;
  readonly configuration: AddressConfiguration | EndpointSendConfiguration | undefined;
  readonly variables: Variables;
}

function readMessage(home: Home, app: App, request: MessageRequest): Message {
  const { Context: context = {}, MessageConfiguration, TemplateConfiguration } = request;
  refuseOtherChannels(MessageConfiguration, TemplateConfiguration);
  const channel = enabledChannel(app);
  const email = MessageConfiguration?.EmailMessage ?? {};
  refuseOthers(email, ['Body', 'FromAddress', 'SimpleEmail', 'Substitutions'], 'an EmailMessage');
  refuseOthers(email.SimpleEmail, ['HtmlPart', 'Subject', 'TextPart'], 'a SimpleEmail');
  const { Subject, HtmlPart, TextPart } = email.SimpleEmail ?? {};
  const template = TemplateConfiguration?.EmailTemplate;
  return {
    from: email.FromAddress || channel.FromAddress,
    content: template
      ? templateContent(home, template)
      : content(Subject?.Data, HtmlPart?.Data, TextPart?.Data ?? email.Body),
    substitutions: email.Substitutions ?? {},
    context,
  };
}

function makeSending(message: Message, to: Recipient, { random }: Parts): Sending {
  const { BodyOverride, Context, Substitutions, TitleOverride } = to.configuration ?? {};
  const { subject, html, text } = message.content;
  const own = {
    subject: TitleOverride ?? subject,
    html: BodyOverride === undefined ? html : html && BodyOverride,
    text: BodyOverride === undefined ? text : text && BodyOverride,
  };
  const filled = fill(own, { ...to.variables, ...message.substitutions, ...Substitutions });
  return {
    mail: makeMail(message.from, to.address, filled, random),
    clientId: to.clientId,
    afterMs: 0,
    attributes: { ...message.context, ...Context },
    campaign: undefined,
  };
}

function checkAddress(configuration: AddressConfiguration): void {
  const channel = required(configuration.ChannelType, 'ChannelType of every address');
  if (channel !== 'EMAIL') throw errors.unsupported(`the ChannelType ${channel} of SendMessages, only EMAIL`);
  checkOverrides(configuration);
}

function checkOverrides(configuration: AddressConfiguration | EndpointSendConfiguration): void {
  const known = ['BodyOverride', 'ChannelType', 'Context', 'Substitutions', 'TitleOverride'];
  refuseOthers(configuration, known, 'a recipient of SendMessages');
}

/** An address as far as everybody would agree that it is one. */
function isAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}

function failure(StatusCode: number, StatusMessage: string): MessageResult {
  return { DeliveryStatus: 'PERMANENT_FAILURE', StatusCode, StatusMessage };
}
