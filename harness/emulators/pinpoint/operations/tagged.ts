import { errors } from '../errors.ts';
import type { Home } from '../registry.ts';

/** The tags of what an ARN names: an app, a segment, a campaign or a template. */
export function tagsOf(home: Home, arn: string | undefined): Map<string, string> {
  for (const app of home.apps.values()) {
    if (app.arn === arn) return app.tags;
    if (!arn?.startsWith(`${app.arn}/`)) continue;
    const found = [...app.segments.values(), ...app.campaigns.values()].find((resource) => resource.arn === arn);
    if (found) return found.tags;
  }
  const template = [...home.templates.values()].find((resource) => resource.arn === arn);
  if (!template) throw errors.notFound();
  return template.tagMap;
}
