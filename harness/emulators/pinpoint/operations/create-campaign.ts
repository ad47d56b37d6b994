import {
  type CampaignLimits,
  CreateCampaign$,
  type CreateCampaignRequest,
  type CreateCampaignResponse,
  type Schedule,
  type WriteCampaignRequest,
} from '@aws-sdk/client-pinpoint';
import type { CampaignMail } from '../campaigns/runner.ts';
import { errors, refuseOthers } from '../errors.ts';
import { hexId } from '../hex-id.ts';
import { readInstant } from '../instant.ts';
import { MAX_MESSAGES_PER_SECOND, MIN_MAXIMUM_DURATION_S } from '../limits.ts';
import type { App, Campaign } from '../model.ts';
import type { Home } from '../registry.ts';
import { campaignResponse } from './campaigns.ts';
import { content, enabledChannel, refuseOtherChannels, templateContent } from './messages.ts';
import { noteReceived, operation, required } from './operation.ts';
import { segmentOf } from './segments.ts';
import { readTags } from './tags.ts';

/** How long an immediate campaign takes to begin, in ms. */
const IMMEDIATE_MS = 1000;

const KNOWN = [
  ...['Name', 'Description', 'SegmentId', 'SegmentVersion', 'HoldoutPercent', 'Limits', 'Schedule', 'tags'],
  ...['MessageConfiguration', 'TemplateConfiguration'],
];

export const createCampaign = operation(
  CreateCampaign$,
  (home, { ApplicationId, WriteCampaignRequest }: CreateCampaignRequest, parts, call): CreateCampaignResponse => {
    const { clock, random, runner } = parts;
    const app = home.app(ApplicationId);
    const given = required(WriteCampaignRequest, 'WriteCampaignRequest');
    refuseOthers(given, KNOWN, 'a campaign');
    const segment = segmentOf(app, required(given.SegmentId, 'SegmentId'));
    if (given.SegmentVersion && given.SegmentVersion !== 1) throw errors.notFound();
    const mail = readMail(home, app, given);
    const now = clock.now();
    const afterMs = startOf(given.Schedule, now);
    const id = hexId(random);
    const campaign: Campaign = {
      id,
      arn: home.arn(`apps/${app.id}/campaigns/${id}`),
      name: given.Name,
      description: given.Description,
      segmentId: segment.id,
      holdoutPercent: checkRange('HoldoutPercent', given.HoldoutPercent, 0, 100) ?? 0,
      limits: checkLimits(given.Limits),
      schedule: { ...required(given.Schedule, 'Schedule'), Frequency: 'ONCE' },
      message: given.MessageConfiguration?.EmailMessage,
      template: given.TemplateConfiguration,
      createdAt: now,
      tags: readTags(given.tags),
      modifiedAt: now,
      status: 'SCHEDULED',
      activity: undefined,
    };
    app.campaigns.set(id, campaign);
    runner.schedule(app, campaign, mail, afterMs, noteReceived(app, parts, call, 'CreateCampaign'));
    return { CampaignResponse: campaignResponse(app, campaign) };
  },
);

function readMail(home: Home, app: App, given: WriteCampaignRequest): CampaignMail {
  const { MessageConfiguration, TemplateConfiguration } = given;
  refuseOtherChannels(MessageConfiguration, TemplateConfiguration);
  const channel = enabledChannel(app);
  const message = MessageConfiguration?.EmailMessage;
  const template = TemplateConfiguration?.EmailTemplate;
  refuseOthers(message, ['Body', 'FromAddress', 'HtmlBody', 'Title'], 'an EmailMessage');
  if (!message && !template) throw errors.missing('a MessageConfiguration or a TemplateConfiguration');
  return {
    from: message?.FromAddress || channel.FromAddress,
    content: template ? templateContent(home, template) : content(message?.Title, message?.HtmlBody, message?.Body),
  };
}

/** In how many ms a campaign begins. */
function startOf(schedule: Schedule | undefined, now: number): number {
  const { StartTime, Frequency = 'ONCE', ...others } = required(schedule, 'Schedule');
  if (Frequency !== 'ONCE') throw errors.unsupported(`the Frequency ${Frequency} of a campaign, only ONCE`);
  refuseOthers(others, ['EndTime', 'Timezone'], 'a campaign’s Schedule');
  const start = required(StartTime, 'StartTime');
  if (start === 'IMMEDIATE') return IMMEDIATE_MS;
  const at = readInstant(start);
  if (Number.isNaN(at)) throw errors.bad(`Invalid StartTime ${start}`);
  if (at < now) throw errors.bad(`StartTime ${start} is in the past`);
  return at - now;
}

function checkLimits(limits: CampaignLimits = {}): CampaignLimits {
  refuseOthers(limits, ['Daily', 'Total', 'MaximumDuration', 'MessagesPerSecond'], 'a campaign’s Limits');
  // 0 is what a limit that is not set is shown as.
  if (limits.MessagesPerSecond) checkRange('MessagesPerSecond', limits.MessagesPerSecond, 1, MAX_MESSAGES_PER_SECOND);
  if (limits.MaximumDuration) checkRange('MaximumDuration', limits.MaximumDuration, MIN_MAXIMUM_DURATION_S);
  return limits;
}

function checkRange(name: string, value: number | undefined, min: number, max = Number.POSITIVE_INFINITY) {
  if (value !== undefined && !(Number.isInteger(value) && value >= min && value <= max)) {
    throw errors.bad(`Invalid ${name} ${value}`);
  }
  return value;
}
