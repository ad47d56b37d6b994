/** Limits of API Gateway REST APIs. Source, where no other is given: developer guide, "Amazon API Gateway quotas". */

/** Payload size, bytes. */
export const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;
/** All headers together, names, line ends and blanks included, bytes. Copies of the guide from before 2026 say 10,240. */
export const MAX_HEADER_BYTES = 20_480;
/** Characters of the whole URL, by the type of the endpoint. */
export const MAX_URL_LENGTH = { EDGE: 8192, REGIONAL: 10_240 } as const;
/** Bytes of the ARN of a method with authorization, which the values of path variables are part of. */
export const MAX_METHOD_ARN_BYTES = 1600;
/** Integration time-out, ms. */
export const MIN_TIMEOUT_MS = 50;
export const MAX_TIMEOUT_MS = 29_000;
/** Mapping template size, bytes. */
export const MAX_TEMPLATE_BYTES = 300 * 1024;
/** Access log format size, bytes. */
export const MAX_ACCESS_LOG_FORMAT_BYTES = 3 * 1024;
/** Resources per API. */
export const MAX_RESOURCES = 300;
/** Stages per API. */
export const MAX_STAGES = 10;
/** Stage variables per stage; and the lengths of a name and a value in characters. */
export const MAX_STAGE_VARIABLES = 100;
export const MAX_STAGE_VARIABLE_NAME = 64;
export const MAX_STAGE_VARIABLE_VALUE = 512;
/** Developer guide, "Use stage variables". */
export const STAGE_VARIABLE_NAME = /^[A-Za-z0-9_]+$/;
export const STAGE_VARIABLE_VALUE = /^[A-Za-z0-9\-._~:/?#&=,]+$/;
/** API reference, CreateStage: alphanumeric characters, hyphens and underscores. */
export const STAGE_NAME = /^[A-Za-z0-9_-]{1,128}$/;
/** Default and largest page of a list. API reference, "limit" of GetResources. */
export const DEFAULT_PAGE = 25;
export const MAX_PAGE = 500;
/** Bytes after which an execution log event is cut. Developer guide, "Set up CloudWatch logging". */
export const MAX_LOG_EVENT_BYTES = 1024;
/** Default throttle of a method, which `methodSettings` shows. */
export const DEFAULT_BURST_LIMIT = 5000;
export const DEFAULT_RATE_LIMIT = 10_000;
