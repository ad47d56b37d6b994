import type { Event } from '@aws-sdk/client-pinpoint';
import { readInstant } from '../instant.ts';
import type { App, Endpoint } from '../model.ts';

export interface AppEvent {
  readonly app: App;
  readonly endpoint: Endpoint;
  readonly event: Event;
  /** ms since the epoch. */
  readonly at: number;
  readonly arrivedAt: number;
}

/** An event that an app reported. Source: Pinpoint developer guide, "App event data stream". */
export function appEventRecord({ app, endpoint, event, at, arrivedAt }: AppEvent) {
  const { Demographic: demographic = {} } = endpoint;
  return {
    event_type: event.EventType ?? '',
    event_timestamp: at,
    arrival_timestamp: arrivedAt,
    event_version: '3.0',
    application: {
      app_id: app.id,
      ...given('package_name', event.AppPackageName),
      sdk: { ...given('name', event.SdkName), ...given('version', event.ClientSdkVersion) },
      ...given('title', event.AppTitle),
      ...given('version_name', demographic.AppVersion),
      ...given('version_code', event.AppVersionCode),
    },
    client: { client_id: endpoint.Id },
    device: {
      ...(demographic.Locale ? { locale: locale(demographic.Locale) } : {}),
      ...given('make', demographic.Make),
      ...given('model', demographic.Model),
      platform: { ...given('name', demographic.Platform), ...given('version', demographic.PlatformVersion) },
    },
    session: session(event),
    attributes: event.Attributes ?? {},
    metrics: event.Metrics ?? {},
  };
}

function session({ Session }: Event) {
  if (!Session) return {};
  const { Id, StartTimestamp = '', StopTimestamp } = Session;
  const stopped = StopTimestamp === undefined ? undefined : readInstant(StopTimestamp);
  return { session_id: Id, start_timestamp: readInstant(StartTimestamp), ...given('stop_timestamp', stopped) };
}

/** `ko_KR` */
function locale(code: string) {
  const [language = '', country = ''] = code.split(/[_-]/);
  return { code, country, language };
}

function given<Name extends string, T>(name: Name, value: T | null | undefined): { [key in Name]?: T } {
  return value === undefined || value === null ? {} : ({ [name]: value } as { [key in Name]?: T });
}
