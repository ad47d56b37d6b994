/** Limits of custom domain names. Source: developer guide, "Configure mutual TLS" and "API mappings for REST APIs". */

/** The truststore's object. Source: API Gateway quotas, "Truststore size". */
export const MAX_TRUSTSTORE_BYTES = 1024 * 1024;
export const MAX_TRUSTSTORE_CERTIFICATES = 1000;
/** Authorities above a client's certificate, the root included. */
export const MAX_CHAIN_LENGTH = 4;
export const MIN_RSA_BITS = 2048;
/** A base path, characters. */
export const MAX_BASE_PATH = 300;
export const BASE_PATH = /^[A-Za-z0-9$\-_.+!*'()/]+$/;
