import type { Clock, Random } from '../../../clock/index.ts';
import { type EntryNumber, ids, type Ledger } from '../../../ledger/index.ts';
import { fill, type MailContent, variablesOf } from '../email/content.ts';
import { makeMail } from '../email/mail.ts';
import type { Mailer, Sending } from '../email/mailer.ts';
import { RATES_TAG, readRates } from '../email/recipient.ts';
import { isIn } from '../endpoints/segment.ts';
import { type CampaignRun, campaignAttributes, campaignSendRecord, type SendStatus } from '../events/campaign-event.ts';
import { hexId } from '../hex-id.ts';
import { DEFAULT_MESSAGES_PER_SECOND } from '../limits.ts';
import type { Activity, App, Campaign, Endpoint } from '../model.ts';
import type { Timetable } from '../timetable.ts';

export interface RunnerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly timetable: Timetable;
  readonly mailer: Mailer;
}

/** What a campaign sends, and in whose name. */
export interface CampaignMail {
  readonly from: string;
  readonly content: MailContent;
}

/** Runs campaigns at their time. */
export class CampaignRunner {
  readonly #parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** @param cause the ledger's entry of the call that made the campaign */
  schedule(app: App, campaign: Campaign, mail: CampaignMail, afterMs: number, cause: EntryNumber): void {
    const run = () => {
      if (isOver(app, campaign)) return;
      const segment = app.segments.get(campaign.segmentId);
      if (segment) this.#run(app, campaign, mail, this.#targets(app, segment.dimensions), cause);
      else campaign.status = 'INVALID';
    };
    this.#parts.timetable.add(`pinpoint campaign ${campaign.id}`, [{ afterMs, act: run }]);
  }

  #targets(app: App, dimensions: Parameters<typeof isIn>[1]): Target[] {
    const targets: Target[] = [];
    for (const endpoint of app.endpoints.values()) {
      const { Address, ChannelType, EndpointStatus, OptOut } = endpoint;
      const reachable = ChannelType === 'EMAIL' && EndpointStatus === 'ACTIVE' && OptOut !== 'ALL';
      if (reachable && Address && isIn(endpoint, dimensions)) targets.push({ endpoint, address: Address });
    }
    return targets;
  }

  #run(app: App, campaign: Campaign, mail: CampaignMail, targets: readonly Target[], created: EntryNumber): void {
    const { clock, random, ledger, mailer, timetable } = this.#parts;
    const activity: Activity = {
      id: hexId(random),
      start: clock.now(),
      total: targets.length,
      sent: 0,
      end: undefined,
    };
    campaign.activity = activity;
    campaign.status = 'EXECUTING';
    const run = { campaignId: campaign.id, activityId: activity.id };
    const { heldOut, mailed } = holdOut(targets, campaign.holdoutPercent, random.fork(`holdout ${activity.id}`));
    const perSecond = campaign.limits.MessagesPerSecond || DEFAULT_MESSAGES_PER_SECOND;
    const most = campaign.limits.MaximumDuration ? campaign.limits.MaximumDuration * perSecond : mailed.length;
    const detail = { campaign: campaign.id, activity: activity.id, endpoints: targets.length, heldOut: heldOut.length };
    const cause = ledger.append({ where: app.where, what: 'noted', cause: created, detail });

    const sendings = mailed.slice(0, most).map(({ endpoint, address }, index): Sending => {
      const filled = fill(mail.content, variablesOf(endpoint));
      return {
        mail: makeMail(mail.from, address, filled, random),
        clientId: endpoint.Id,
        afterMs: Math.floor((index * 1000) / perSecond),
        attributes: campaignAttributes(run),
        campaign: { run, endpoint },
        begin() {
          if (isOver(app, campaign)) return false;
          activity.sent += 1;
          return true;
        },
      };
    });
    const rates = readRates(campaign.tags.get(RATES_TAG) ?? app.tags.get(RATES_TAG)) ?? {};
    mailer.send(app, sendings, rates, cause);
    const without = (status: SendStatus, given: readonly Target[]) =>
      given.map(({ endpoint }): Unsent => ({ run, endpoint, status, cause }));
    const unsent = [...without('HOLDOUT', heldOut), ...without('EXPIRED', mailed.slice(most))];
    const lastMs = sendings.at(-1)?.afterMs ?? 0;
    timetable.add(`pinpoint campaign ${campaign.id}`, [
      { afterMs: lastMs, act: (at) => this.#end(app, campaign, activity, unsent, at) },
    ]);
  }

  #end(app: App, campaign: Campaign, activity: Activity, unsent: readonly Unsent[], at: number): void {
    if (isOver(app, campaign)) return;
    for (const { run, endpoint, status, cause } of unsent) {
      const id = ids.event(app.id, `${activity.id}.${endpoint.Id}`);
      const record = campaignSendRecord({ app, run, endpoint, status, sentAt: at, arrivedAt: at });
      app.eventStream?.accept({ id, cause, record });
    }
    activity.end = at;
    campaign.status = 'COMPLETED';
  }
}

interface Target {
  readonly endpoint: Endpoint;
  readonly address: string;
}

interface Unsent {
  readonly run: CampaignRun;
  readonly endpoint: Endpoint;
  readonly status: SendStatus;
  readonly cause: EntryNumber;
}

function isOver(app: App, { status }: Campaign): boolean {
  return app.deleted || status === 'DELETED';
}

/** Which endpoints get nothing, for comparison: as many as the percentage says, rounded, whichever chance names. */
function holdOut(targets: readonly Target[], percent: number, random: Random): { heldOut: Target[]; mailed: Target[] } {
  const shuffled = [...targets];
  const count = Math.round((targets.length * percent) / 100);
  for (let at = 0; at < count; at++) {
    const other = at + random.integer(shuffled.length - at);
    [shuffled[at], shuffled[other]] = [shuffled[other] as Target, shuffled[at] as Target];
  }
  return { heldOut: shuffled.slice(0, count), mailed: shuffled.slice(count) };
}
