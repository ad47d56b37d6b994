import type { Random } from '../../../clock/index.ts';
import { type EntryNumber, ids, type Ledger } from '../../../ledger/index.ts';
import { type CampaignRun, campaignSendRecord } from '../events/campaign-event.ts';
import { emailRecord } from '../events/email-event.ts';
import type { App, Endpoint } from '../model.ts';
import type { Due, Timetable } from '../timetable.ts';
import { firstLink } from './content.ts';
import type { Mail } from './mail.ts';
import { plan, type Rates } from './recipient.ts';

/** How long Pinpoint takes to hear of what it sent itself, in ms: from, and how much more at most. */
const OWN_EVENT_MS = { from: 50, range: 600 };

/** A mail on its way. */
export interface Sending {
  readonly mail: Mail;
  readonly clientId: string;
  /** From now. */
  readonly afterMs: number;
  /** Of every event of the mail. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly campaign: { readonly run: CampaignRun; readonly endpoint: Endpoint } | undefined;
  /** Called when it is sent; false when it must not be any more. */
  begin?(): boolean;
}

export interface MailerParts {
  readonly random: Random;
  readonly ledger: Ledger;
  readonly timetable: Timetable;
}

/** Sends mails, and lets happen what their recipients do. */
export class Mailer {
  readonly #parts: MailerParts;

  constructor(parts: MailerParts) {
    this.#parts = parts;
  }

  /** @param cause the ledger's entry of what they were sent for */
  send(app: App, sendings: readonly Sending[], rates: Rates, cause: EntryNumber): void {
    const dues = sendings.flatMap((sending) => this.#dues(app, sending, rates, cause));
    this.#parts.timetable.add(`pinpoint mails of ${app.name}`, dues);
  }

  #dues(app: App, sending: Sending, rates: Rates, cause: EntryNumber): Due[] {
    const { mail, afterMs, campaign } = sending;
    const random = this.#parts.random.fork(`mail ${mail.messageId}`);
    const soon = () => afterMs + OWN_EVENT_MS.from + random.integer(OWN_EVENT_MS.range);
    const link = firstLink(mail.content);
    const sent: Sent = { app, sending, random, link, at: undefined, entry: undefined };
    const dues: Due[] = [{ afterMs, act: (at) => this.#begin(sent, at, cause) }];
    if (campaign) dues.push({ afterMs: soon(), act: (at) => this.#campaignSend(sent, campaign, at) });
    dues.push({ afterMs: soon(), act: (at) => this.#happens(sent, 'send', at) });
    for (const step of plan(mail.to, rates, random)) {
      if (step.reaction === 'click' && link === undefined) continue;
      // Nobody hears of a mail before it was sent.
      const at = Math.max(afterMs + step.afterMs, (dues.at(-1)?.afterMs ?? 0) + 1);
      dues.push({ afterMs: at, act: (instant) => this.#happens(sent, step.reaction, instant) });
    }
    return dues;
  }

  #begin(sent: Sent, at: number, cause: EntryNumber): void {
    const { app, sending } = sent;
    if (app.deleted || sending.begin?.() === false) return;
    const { messageId, to } = sending.mail;
    sent.at = at;
    const what = { ids: [ids.mail(messageId)], cause, detail: { to, subject: sending.mail.content.subject } };
    sent.entry = this.#parts.ledger.append({ where: app.where, what: 'noted', ...what });
  }

  #campaignSend(sent: Sent, { run, endpoint }: NonNullable<Sending['campaign']>, arrivedAt: number): void {
    if (sent.at === undefined) return;
    const { app, sending } = sent;
    const id = ids.event(app.id, `${sending.mail.messageId}.campaign-send`);
    const record = campaignSendRecord({ app, run, endpoint, status: 'SUCCESS', sentAt: sent.at, arrivedAt });
    app.eventStream?.accept({ id, cause: sent.entry, record });
  }

  #happens(sent: Sent, what: Parameters<typeof emailRecord>[0]['what'], arrivedAt: number): void {
    if (sent.at === undefined) return;
    const { app, sending, random, link, at: sentAt } = sent;
    const { mail, clientId, attributes, campaign } = sending;
    const id = ids.event(app.id, `${mail.messageId}.${what}`);
    const ofCampaign = campaign !== undefined;
    const record = emailRecord({ app, mail, what, sentAt, arrivedAt, clientId, attributes, ofCampaign, link, random });
    app.eventStream?.accept({ id, cause: sent.entry, record });
  }
}

interface Sent {
  readonly app: App;
  readonly sending: Sending;
  readonly random: Random;
  readonly link: string | undefined;
  /** When it was sent, once it is. */
  at: number | undefined;
  /** What the ledger says of it. */
  entry: EntryNumber | undefined;
}
