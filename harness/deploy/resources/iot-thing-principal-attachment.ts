import {
  AttachThingPrincipalCommand,
  DetachThingPrincipalCommand,
  IoTClient,
  ListThingPrincipalsCommand,
} from '@aws-sdk/client-iot';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text } from './schemas.ts';

const GONE = ['ResourceNotFoundException'];

export const iotThingPrincipalAttachment = defineResource({
  type: 'AWS::IoT::ThingPrincipalAttachment',
  properties: z.strictObject({ Principal: text(), ThingName: text() }),
  attributes: ['Id'],
  async create({ Principal: principal, ThingName: thingName }, context) {
    const iot = context.aws.client(IoTClient, context.region);
    await iot.send(new AttachThingPrincipalCommand({ thingName, principal }));
    const ref = context.physicalName({ maxLength: 128 });
    return { ref, attributes: { Id: ref } };
  },
  async exists({ Principal: principal, ThingName: thingName }, _made, context) {
    const iot = context.aws.client(IoTClient, context.region);
    const answer = await unless(GONE, () => iot.send(new ListThingPrincipalsCommand({ thingName })));
    return answer?.principals?.includes(principal) ?? false;
  },
  async delete({ Principal: principal, ThingName: thingName }, _made, context) {
    const iot = context.aws.client(IoTClient, context.region);
    await unless(GONE, () => iot.send(new DetachThingPrincipalCommand({ thingName, principal })));
  },
  partOf: ({ ThingName }) => ThingName,
});
