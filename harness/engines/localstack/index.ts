/** LocalStack: S3, IAM, STS and the other AWS services that naetmul does not emulate itself; Kinesis where it is asked for. */
export { dockerLocalStack } from './docker.ts';
export { externalLocalStack } from './external.ts';
export { LOCALSTACK_VERSION, localstackTool } from './install.ts';
export { type LocalStackOptions, nativeLocalStack } from './native.ts';
export { findPythons, isSuitable, type Python, suitablePython } from './python.ts';
