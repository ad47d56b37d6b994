export { KinesisSource, type KinesisSourceEvents, type KinesisSourceParts } from './kinesis-source.ts';
