import type { Measurement } from '../measurement.ts';
import { cold } from './cold.ts';
import { collector } from './collector.ts';
import { memoryDocker, suiteDocker, upDocker, upReuse } from './containers.ts';
import { fanOut } from './fan-out.ts';
import { firehose } from './firehose.ts';
import { firehoseOpenSearch, firehoseRotation } from './firehose-opensearch.ts';
import { gasDelivery, gasSearchable } from './gas-detector.ts';
import { gateway } from './gateway.ts';
import { gatewayLimit } from './gateway-limit.ts';
import { gatewayOverhead, gatewayOverheadTail } from './gateway-overhead.ts';
import { memoryHostile } from './hostile.ts';
import { kinesisAppend, kinesisPut } from './kinesis.ts';
import { lambdaCold, lambdaRetries, lambdaThroughput, lambdaWarm, lambdaWarmTail } from './lambda.ts';
import { memoryIdle, memoryKinesis, memoryLoaded, memoryMillion } from './memory.ts';
import { s3Get, s3Put } from './s3-latency.ts';
import { suite } from './suite.ts';
import { templatesForm, templatesFormJava, templatesJson, templatesJsonJava } from './templates.ts';
import { up } from './up.ts';
import { webhooksForm, webhooksFormBare, webhooksJson, webhooksJsonBare, webhooksLatency } from './webhooks.ts';

/** Every measurement, in the order of the table. A new one is a file beside these, and a line here. */
export const measurements: readonly Measurement[] = [
  up,
  gateway,
  gatewayLimit,
  gatewayOverhead,
  gatewayOverheadTail,
  templatesJson,
  templatesForm,
  templatesJsonJava,
  templatesFormJava,
  webhooksJson,
  webhooksForm,
  webhooksJsonBare,
  webhooksFormBare,
  webhooksLatency,
  s3Put,
  s3Get,
  kinesisPut,
  kinesisAppend,
  firehose,
  firehoseOpenSearch,
  firehoseRotation,
  lambdaWarm,
  lambdaWarmTail,
  lambdaCold,
  lambdaThroughput,
  lambdaRetries,
  collector,
  gasDelivery,
  gasSearchable,
  fanOut,
  memoryIdle,
  memoryLoaded,
  memoryMillion,
  memoryKinesis,
  memoryHostile,
  suite,
  upDocker,
  upReuse,
  memoryDocker,
  suiteDocker,
  cold,
];
