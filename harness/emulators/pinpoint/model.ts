import type {
  CampaignEmailMessage,
  CampaignLimits,
  CampaignStatus,
  EmailChannelRequest,
  EmailTemplateRequest,
  EndpointResponse,
  Schedule,
  SegmentDimensions,
  TemplateConfiguration,
} from '@aws-sdk/client-pinpoint';
import type { EventStream } from './event-stream/event-stream.ts';
import type { Place } from './registry.ts';

/** What Pinpoint's console calls a project. Instants are in ms since the epoch. */
export interface App extends Place {
  /** 32 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** The place in the ledger. */
  readonly where: string;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  readonly endpoints: Map<string, Endpoint>;
  /** Channel and address → the id of the endpoint that has it now. */
  readonly addresses: Map<string, string>;
  /** User id → the ids of the endpoints that were ever theirs. */
  readonly users: Map<string, Set<string>>;
  readonly segments: Map<string, Segment>;
  readonly campaigns: Map<string, Campaign>;
  emailChannel: EmailChannel | undefined;
  eventStream: EventStream | undefined;
  deleted: boolean;
}

/** An endpoint with what every endpoint has. */
export type Endpoint = EndpointResponse & { readonly Id: string };

export interface EmailChannel extends EmailChannelRequest {
  readonly FromAddress: string;
  readonly Identity: string;
  readonly Enabled: boolean;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly version: number;
}

export interface Segment {
  readonly id: string;
  readonly arn: string;
  readonly name: string | undefined;
  readonly dimensions: SegmentDimensions;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
}

export interface Campaign {
  readonly id: string;
  readonly arn: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly segmentId: string;
  readonly holdoutPercent: number;
  readonly limits: CampaignLimits;
  readonly schedule: Schedule;
  readonly message: CampaignEmailMessage | undefined;
  readonly template: TemplateConfiguration | undefined;
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  modifiedAt: number;
  status: CampaignStatus;
  activity: Activity | undefined;
}

/** One run of a campaign. */
export interface Activity {
  readonly id: string;
  readonly start: number;
  /** Endpoints that the campaign is for; those held out are among them. */
  readonly total: number;
  sent: number;
  end: number | undefined;
}

export interface EmailTemplate extends EmailTemplateRequest {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly version: number;
  readonly tagMap: Map<string, string>;
}
