import { describe, expect, test } from 'vitest';
import { appBench, countTypes } from '../testing.ts';

const SimpleEmail = {
  Subject: { Data: 'Hello {{name}}', Charset: 'UTF-8' },
  HtmlPart: { Data: '<a href="https://brook.example/">x</a>' },
  TextPart: { Data: 'https://brook.example/' },
};
const EMAIL = { ChannelType: 'EMAIL' };
const request = (changes: object) => ({
  MessageRequest: { MessageConfiguration: { EmailMessage: { SimpleEmail } }, ...changes },
});

describe('transactional mails', () => {
  test('to addresses are answered at once, and their events follow', async () => {
    const { inApp, clock, streamed, ApplicationId } = await appBench();
    const Addresses = {
      'a+click@example.com': { ...EMAIL, Substitutions: { name: ['지호'] } },
      'bounce@simulator.amazonses.com': EMAIL,
      nobody: EMAIL,
    };
    const Context = { order: '7' };
    const { MessageResponse } = await inApp('SendMessages', request({ Addresses, Context }), { requestId: 'send-1' });
    expect(MessageResponse).toEqual({
      ApplicationId,
      RequestId: 'send-1',
      Result: {
        'a+click@example.com': expect.objectContaining({ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 }),
        'bounce@simulator.amazonses.com': expect.objectContaining({ DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 }),
        nobody: { DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 400, StatusMessage: 'Invalid email address nobody' },
      },
    });
    await clock.advance(3_600_000);
    expect(countTypes(streamed)).toEqual({
      '_email.send': 2,
      '_email.delivered': 1,
      '_email.open': 1,
      '_email.click': 1,
      '_email.hardbounce': 1,
    });
    const clicked = streamed.at(-1);
    expect(clicked?.attributes).toEqual({ feedback: 'https://brook.example/', order: '7' });
    expect(clicked?.client.client_id).toMatch(/^[0-9a-f-]{36}$/);
    const { mail } = clicked?.facets.email_channel.mail_event ?? {};
    expect(mail.common_headers.subject).toBe('Hello 지호');
    expect(mail.from_address).toBe('brook@example.com');
    expect(mail.message_id).toBe(MessageResponse.Result['a+click@example.com'].MessageId);
    expect(mail.headers.at(-2).value).toMatch(/^multipart\/alternative; {2}boundary="----=_Part_\d{6}_\d{6}"$/);
  });

  test('to endpoints go to their addresses, unless they have opted out', async () => {
    const { inApp, clock, streamed } = await appBench();
    const put = (EndpointId: string, more: object) =>
      inApp('UpdateEndpoint', {
        EndpointId,
        EndpointRequest: { ...EMAIL, Address: `${EndpointId}@example.com`, ...more },
      });
    await put('e1', {});
    await put('e2', { OptOut: 'ALL' });
    const { MessageResponse } = await inApp('SendMessages', request({ Endpoints: { e1: {}, e2: {}, e3: {} } }));
    expect(MessageResponse.EndpointResult).toMatchObject({
      e1: { Address: 'e1@example.com', DeliveryStatus: 'SUCCESSFUL', StatusCode: 200 },
      e2: { Address: 'e2@example.com', DeliveryStatus: 'OPT_OUT', StatusCode: 400 },
      e3: { DeliveryStatus: 'PERMANENT_FAILURE', StatusCode: 404, StatusMessage: 'Resource not found' },
    });
    await clock.advance(60_000);
    expect(streamed.map(({ event_type, client }) => [event_type, client.client_id])).toEqual([
      ['_email.send', 'e1'],
      ['_email.delivered', 'e1'],
    ]);
  });

  test.each([
    [{}, 'The request must include Addresses or Endpoints'],
    [{ Addresses: { 'a@example.com': {} } }, 'The request must include ChannelType of every address'],
    [
      { Addresses: { '+821000000000': { ChannelType: 'SMS' } } },
      'The Pinpoint emulator of naetmul does not support the ChannelType SMS of SendMessages, only EMAIL.',
    ],
    [
      { Addresses: { 'a@example.com': EMAIL }, MessageConfiguration: { SMSMessage: { Body: 'x' } } },
      'The Pinpoint emulator of naetmul does not support SMSMessage of MessageConfiguration, only EmailMessage.',
    ],
    [
      { Addresses: { 'a@example.com': EMAIL }, MessageConfiguration: { EmailMessage: { RawEmail: { Data: 'x' } } } },
      'The Pinpoint emulator of naetmul does not support RawEmail of an EmailMessage.',
    ],
    [
      { Addresses: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`${n}@example.com`, EMAIL])) },
      'A request can have at most 100 recipients',
    ],
  ])('%j are refused', async (changes, message) => {
    const { inApp } = await appBench();
    await expect(inApp('SendMessages', request(changes))).rejects.toMatchObject({ message });
  });
});

describe('email templates', () => {
  const EmailTemplateRequest = { Subject: 'One', TextPart: 'x' };

  test('are made, shown, changed and deleted', async () => {
    const { call } = await appBench();
    const Arn = 'arn:aws:mobiletargeting:us-east-1:000000000000:templates/hello/EMAIL';
    const made = await call('CreateEmailTemplate', { TemplateName: 'hello', EmailTemplateRequest }, { requestId: 'r' });
    expect(made).toEqual({ CreateTemplateMessageBody: { Arn, Message: 'Accepted', RequestID: 'r' } });
    const again = call('CreateEmailTemplate', { TemplateName: 'hello', EmailTemplateRequest });
    await expect(again).rejects.toMatchObject({ code: 'ConflictException', status: 409 });
    const change = { EmailTemplateRequest: { Subject: 'Two' }, CreateNewVersion: true };
    await call('UpdateEmailTemplate', { TemplateName: 'hello', ...change });
    const { EmailTemplateResponse } = await call('GetEmailTemplate', { TemplateName: 'hello' });
    expect(EmailTemplateResponse).toMatchObject({ Subject: 'Two', TextPart: 'x', TemplateType: 'EMAIL', Version: '2' });
    await call('DeleteEmailTemplate', { TemplateName: 'hello' });
    const gone = call('GetEmailTemplate', { TemplateName: 'hello' });
    await expect(gone).rejects.toMatchObject({ message: 'Resource not found' });
  });
});
