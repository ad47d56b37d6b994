/** OpenSearch: the real search server that Firehose delivers to. */
export { dockerOpenSearch } from './docker.ts';
export { externalOpenSearch } from './external.ts';
export { findJava, type Java } from './java.ts';
export { nativeOpenSearch } from './native.ts';
