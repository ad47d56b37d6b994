import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { askProvider } from '../custom-resources/ask.ts';
import { CustomResourceFailed } from '../custom-resources/response.ts';
import { unless } from './aws-errors.ts';
import { defineResource, MadeInPart, type ResourceContext, type ResourceType } from './resource-type.ts';
import { integer, text } from './schemas.ts';

const FUNCTION_ARN = /^arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+(?::[A-Za-z0-9_$-]+)?$/;
const MAX_TIMEOUT_SECONDS = 3600;
/** What CloudFormation calls a resource that its provider has not named. */
const MAX_NAME_LENGTH = 255;

/** A resource that a Lambda function makes and removes: `AWS::CloudFormation::CustomResource` or a `Custom::…`. */
export function customResource(type: string): ResourceType {
  return defineResource({
    type,
    // What else there is, is between the template and the function.
    properties: z.looseObject({
      ServiceToken: text().refine((arn) => FUNCTION_ARN.test(arn), {
        error: 'must be the ARN of a Lambda function; SNS topics are not supported',
      }),
      ServiceTimeout: integer()
        .refine((seconds) => seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS, {
          error: `must be from 1 to ${MAX_TIMEOUT_SECONDS}`,
        })
        .optional(),
    }),
    attributes: 'any',
    remadeWithNeeds: true,
    async create(properties, context) {
      const { ServiceToken: serviceToken, ServiceTimeout: serviceTimeout } = properties;
      if (!(await isThere(serviceToken, context))) throw notThere(serviceToken);
      const asked = { type: 'Create', serviceToken, serviceTimeout, resourceType: type, properties } as const;
      try {
        const { physicalId, data, noEcho } = await askProvider(asked, context);
        return { ref: physicalId, attributes: data, noEcho };
      } catch (cause) {
        // Whatever went wrong, the function may have made something, and is asked to remove it.
        const said = cause instanceof CustomResourceFailed ? cause.physicalId : undefined;
        const ref = said ?? context.physicalName({ maxLength: MAX_NAME_LENGTH });
        throw new MadeInPart({ ref, attributes: {} }, cause);
      }
    },
    exists: ({ ServiceToken }, _made, context) => isThere(ServiceToken, context),
    async delete(properties, { ref: physicalId }, context) {
      const { ServiceToken: serviceToken, ServiceTimeout: serviceTimeout } = properties;
      if (!(await isThere(serviceToken, context))) return;
      const asked = {
        type: 'Delete',
        serviceToken,
        serviceTimeout,
        resourceType: type,
        physicalId,
        properties,
      } as const;
      await askProvider(asked, context);
    },
  });
}

async function isThere(FunctionName: string, { aws, region }: ResourceContext): Promise<boolean> {
  const asked = new GetFunctionConfigurationCommand({ FunctionName });
  const found = await unless(['ResourceNotFoundException'], () => aws.client(LambdaClient, region).send(asked));
  return found !== undefined;
}

function notThere(serviceToken: string): CustomResourceFailed {
  return new CustomResourceFailed(`Function not found: ${serviceToken}`);
}
