/** Sources: AWS IoT API reference (constraints of each member), "AWS IoT Core endpoints and quotas". */

/** Versions of one policy. */
export const MAX_POLICY_VERSIONS = 5;
/** Characters of a policy document without white space. */
export const MAX_POLICY_SIZE = 2048;
/** Policies attached to one certificate. */
export const MAX_POLICIES_PER_PRINCIPAL = 10;
/** Attributes of a thing that has no thing type. */
export const MAX_ATTRIBUTES = 3;
export const MAX_TAGS = 50;
export const MAX_RULE_ACTIONS = 10;

/** Bytes of one message's payload. */
export const MAX_PAYLOAD_BYTES = 128 * 1024;
/** Bytes of a topic in UTF-8. */
export const MAX_TOPIC_BYTES = 256;
/** Slashes in a topic; those of `$aws/rules/<rule name>/` do not count. */
export const MAX_TOPIC_SLASHES = 7;

/** Entries of a page. */
export const MAX_PAGE = 250;
/** Of lists with `pageSize`, when not told. Source: API reference, ListCertificates. */
export const DEFAULT_PAGE = 25;
/** Of ListRetainedMessages, which has no smaller default. */
export const MAX_RETAINED_PAGE = 200;
