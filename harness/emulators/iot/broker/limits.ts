/** Source: AWS General Reference, "AWS IoT Core endpoints and quotas" (message broker and protocol limits). */

/** Bytes of a client id in UTF-8. */
export const MAX_CLIENT_ID_BYTES = 128;
/** Topic filters in one SUBSCRIBE. */
export const MAX_FILTERS_PER_SUBSCRIBE = 8;
export const MAX_SUBSCRIPTIONS_PER_CONNECTION = 50;
/** How long a persistent session outlives its connection. */
export const SESSION_EXPIRY_MS = 60 * 60 * 1000;
/** Seconds; what a client asks for is brought into this range, and 0 means the largest. */
export const MIN_KEEP_ALIVE_S = 30;
export const MAX_KEEP_ALIVE_S = 1200;
/** Messages that one connection may publish in a second; what is beyond is discarded. */
export const PUBLISHES_PER_SECOND = 100;
