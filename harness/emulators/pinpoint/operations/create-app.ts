import { CreateApp$, type CreateAppRequest, type CreateAppResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { hexId } from '../hex-id.ts';
import { MAX_APP_NAME_LENGTH } from '../limits.ts';
import type { App } from '../model.ts';
import { applicationResponse } from './apps.ts';
import { operation, required } from './operation.ts';
import { readTags } from './tags.ts';

export const createApp = operation(
  CreateApp$,
  (home, { CreateApplicationRequest: request }: CreateAppRequest, { clock, random }): CreateAppResponse => {
    const name = required(request?.Name, 'Name');
    if (name.length > MAX_APP_NAME_LENGTH) throw errors.bad(`Name must have at most ${MAX_APP_NAME_LENGTH} characters`);
    const tags = readTags(request?.tags);
    const id = hexId(random);
    const app: App = {
      id,
      name,
      arn: home.arn(`apps/${id}`),
      where: `pinpoint/${name}`,
      region: home.region,
      accountId: home.accountId,
      createdAt: clock.now(),
      tags,
      endpoints: new Map(),
      addresses: new Map(),
      users: new Map(),
      segments: new Map(),
      campaigns: new Map(),
      emailChannel: undefined,
      eventStream: undefined,
      deleted: false,
    };
    home.apps.set(id, app);
    return { ApplicationResponse: applicationResponse(app) };
  },
);
