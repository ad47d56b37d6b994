import {
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  DetachThingPrincipalCommand,
  IoTClient,
  ListThingPrincipalsCommand,
} from '@aws-sdk/client-iot';
import { z } from 'zod';
import { unless } from './aws-errors.ts';
import { defineResource } from './resource-type.ts';
import { text, textMap } from './schemas.ts';

const GONE = ['ResourceNotFoundException'];

export const iotThing = defineResource({
  type: 'AWS::IoT::Thing',
  properties: z.strictObject({
    AttributePayload: z.strictObject({ Attributes: textMap().optional() }).optional(),
    ThingName: text().optional(),
  }),
  attributes: ['Arn', 'Id'],
  async create({ AttributePayload, ThingName }, context) {
    const thingName = ThingName ?? context.physicalName({ maxLength: 128 });
    const attributes = AttributePayload?.Attributes;
    const iot = context.aws.client(IoTClient, context.region);
    const { thingArn = '', thingId = '' } = await iot.send(
      new CreateThingCommand({ thingName, ...(attributes && { attributePayload: { attributes } }) }),
    );
    return { ref: thingName, attributes: { Arn: thingArn, Id: thingId } };
  },
  async exists(_properties, { ref: thingName }, context) {
    const iot = context.aws.client(IoTClient, context.region);
    return (await unless(GONE, () => iot.send(new DescribeThingCommand({ thingName })))) !== undefined;
  },
  /** CloudFormation would fail where certificates are still attached; here they are taken off first. */
  async delete(_properties, { ref: thingName }, context) {
    const iot = context.aws.client(IoTClient, context.region);
    await unless(GONE, async () => {
      const { principals = [] } = await iot.send(new ListThingPrincipalsCommand({ thingName }));
      for (const principal of principals) await iot.send(new DetachThingPrincipalCommand({ thingName, principal }));
      await iot.send(new DeleteThingCommand({ thingName }));
    });
  },
});
