/** Bytes of a request. Source: Pinpoint developer guide, "Quotas": API request payload, and PutEvents. */
export const MAX_REQUEST_BYTES = 7 * 1024 * 1024;
export const MAX_EVENTS_REQUEST_BYTES = 4 * 1024 * 1024;

/** Events of one PutEvents; attributes and metrics of an event together. From general knowledge: see the fidelity page. */
export const MAX_EVENTS = 100;
export const MAX_EVENT_ATTRIBUTES = 40;

/** Bytes of one event as it is streamed: the largest record that Firehose takes (Pinpoint's own quota is the same). */
export const MAX_EVENT_BYTES = 1000 * 1024;

/** Endpoints of one UpdateEndpointsBatch; addresses and endpoints of one SendMessages. Source: API reference. */
export const MAX_BATCH_ENDPOINTS = 100;
export const MAX_MESSAGE_TARGETS = 100;

/** Campaign limits. Source: API reference, CampaignLimits. */
export const MAX_MESSAGES_PER_SECOND = 20_000;
export const MIN_MAXIMUM_DURATION_S = 60;

/** How fast a campaign sends when nothing says so, in messages per second. */
export const DEFAULT_MESSAGES_PER_SECOND = 50;

/** Characters of names. Source: API reference, CreateApp ("up to 64 characters"). */
export const MAX_APP_NAME_LENGTH = 64;

/** Source: API reference, tags of resources. */
export const MAX_TAGS = 50;
export const MAX_TAG_KEY_LENGTH = 128;
export const MAX_TAG_VALUE_LENGTH = 256;

/** Items of one page of a listing, where the caller does not say. */
export const DEFAULT_PAGE_SIZE = 100;
