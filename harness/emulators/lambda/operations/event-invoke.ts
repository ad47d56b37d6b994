import type { DestinationConfig, FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import type { EventInvokeConfig, LambdaFunction } from '../functions/function.ts';
import { MAX_EVENT_AGE, MIN_EVENT_AGE } from '../limits.ts';
import type { FunctionName } from '../names.ts';
import type { Parts } from './operation.ts';
import { Violations } from './violations.ts';

const DESTINATION =
  '$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|' +
  'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)';

export interface EventInvokeInput {
  readonly MaximumRetryAttempts?: number | undefined;
  readonly MaximumEventAgeInSeconds?: number | undefined;
  readonly DestinationConfig?: DestinationConfig | undefined;
}

/** The constraints of the API's model. */
export function checkModel(input: EventInvokeInput): void {
  const violations = new Violations();
  violations.range('maximumRetryAttempts', input.MaximumRetryAttempts, 0, 2);
  violations.range('maximumEventAgeInSeconds', input.MaximumEventAgeInSeconds, MIN_EVENT_AGE, MAX_EVENT_AGE);
  const { OnSuccess, OnFailure } = input.DestinationConfig ?? {};
  violations.text('destinationConfig.onSuccess.destination', OnSuccess?.Destination, 0, 350, DESTINATION);
  violations.text('destinationConfig.onFailure.destination', OnFailure?.Destination, 0, 350, DESTINATION);
  violations.raise();
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig } = input;
  if (MaximumRetryAttempts === undefined && MaximumEventAgeInSeconds === undefined && !DestinationConfig) {
    throw errors.invalid('You must specify at least one of error handling or destination setting.');
  }
}

/** The function whose config is to be changed; its absence has words of its own. */
export function findConfigured({ functions }: Parts, name: FunctionName): LambdaFunction {
  const found = functions.get(name.arn);
  if (!found || (name.qualifier ?? '$LATEST') !== '$LATEST') throw errors.notFound("The function doesn't exist.");
  return found;
}

/** @throws ResourceNotFoundException when the function has none, or is not there itself */
export function findConfig(
  { functions }: Parts,
  name: FunctionName,
): LambdaFunction & { eventInvokeConfig: EventInvokeConfig } {
  const found = (name.qualifier ?? '$LATEST') === '$LATEST' ? functions.get(name.arn) : undefined;
  if (!found?.eventInvokeConfig) {
    const arn = `${name.arn}:${name.qualifier ?? '$LATEST'}`;
    throw errors.notFound(`The function ${arn} doesn't have an EventInvokeConfig`);
  }
  return found as LambdaFunction & { eventInvokeConfig: EventInvokeConfig };
}

export function checkDestinations({ functions }: Parts, { arn }: LambdaFunction, config?: DestinationConfig): void {
  for (const destination of [config?.OnSuccess?.Destination, config?.OnFailure?.Destination]) {
    if (!destination) continue;
    const service = destination.split(':')[2];
    if (service === 'lambda') {
      const target = destination.replace(/:\$LATEST$/, '');
      if (target === arn) throw errors.invalid("You can't specify the function as a destination for itself.");
      if (!functions.get(target)) throw errors.invalid(`The destination ARN ${destination} is invalid.`);
    } else if (service === 'sns' || service === 'events' || service === 's3' || destination.startsWith('kafka:')) {
      throw errors.unsupported(`the destination ${destination} (DestinationConfig)`);
    } else if (service !== 'sqs') {
      throw errors.invalid(`The provided destination config ${written(config ?? {})} is invalid.`);
    }
  }
}

export function configShape({ arn, eventInvokeConfig }: LambdaFunction): FunctionEventInvokeConfig {
  const config = eventInvokeConfig as EventInvokeConfig;
  return {
    LastModified: config.lastModified,
    FunctionArn: `${arn}:$LATEST`,
    ...(config.maximumRetryAttempts === undefined ? {} : { MaximumRetryAttempts: config.maximumRetryAttempts }),
    ...(config.maximumEventAge === undefined ? {} : { MaximumEventAgeInSeconds: config.maximumEventAge }),
    DestinationConfig: {
      OnSuccess: config.onSuccess ? { Destination: config.onSuccess } : {},
      OnFailure: config.onFailure ? { Destination: config.onFailure } : {},
    },
  };
}

/** As AWS's server writes the object. */
function written({ OnSuccess, OnFailure }: DestinationConfig): string {
  const one = (name: string, given: { readonly Destination?: string | undefined } | undefined) =>
    given ? `${name}(destination=${given.Destination ?? null})` : 'null';
  return `DestinationConfig(onSuccess=${one('OnSuccess', OnSuccess)}, onFailure=${one('OnFailure', OnFailure)})`;
}
