import * as api from '@aws-sdk/client-iot';
import { errors } from '../errors.ts';
import { operation } from './operation.ts';

/** The name in the broker's certificate. As on AWS there is no port: MQTT over TLS has 8883 of its own. */
const HOST = 'localhost';

const OTHER_ENDPOINTS = ['iot:CredentialProvider', 'iot:Jobs'];

export const describeEndpoint = operation(
  api.DescribeEndpoint$,
  (_home, { endpointType = 'iot:Data' }: api.DescribeEndpointRequest): api.DescribeEndpointResponse => {
    if (endpointType === 'iot:Data-ATS' || endpointType === 'iot:Data') return { endpointAddress: HOST };
    if (OTHER_ENDPOINTS.includes(endpointType)) throw errors.unsupported(`the endpoint type ${endpointType}`);
    throw errors.invalid(`Endpoint type ${endpointType} is not valid.`);
  },
);
