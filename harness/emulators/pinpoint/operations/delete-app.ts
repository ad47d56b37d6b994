import { DeleteApp$, type DeleteAppRequest, type DeleteAppResponse } from '@aws-sdk/client-pinpoint';
import { applicationResponse } from './apps.ts';
import { operation } from './operation.ts';

export const deleteApp = operation(DeleteApp$, (home, { ApplicationId }: DeleteAppRequest): DeleteAppResponse => {
  const app = home.app(ApplicationId);
  home.apps.delete(app.id);
  app.deleted = true;
  app.eventStream?.delete(`The app ${app.name} was deleted.`);
  app.eventStream = undefined;
  return { ApplicationResponse: applicationResponse(app) };
});
