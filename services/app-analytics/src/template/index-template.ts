import { type CustomResourceRequest, type Fulfil, NOTHING, type Properties, type Reached } from './custom-resource.ts';

/** The templates of a domain. */
export interface Domain {
  /** Makes a template, or replaces the one of this name. `body` is JSON. */
  putTemplate(name: string, body: string): Promise<void>;
  /** Resolves also when there is none of this name. */
  removeTemplate(name: string): Promise<void>;
}

/** The resource's properties, in a template of CloudFormation's. */
export interface IndexTemplate {
  /** `DomainEndpoint` of the domain. */
  readonly endpoint: string;
  readonly name: string;
  /** The body of `POST _template/{name}`, as a text: CloudFormation would make texts of the numbers in a map. */
  readonly body: string;
  /** False: there shall be none. */
  readonly isWanted: boolean;
}

/** The names that OpenSearch takes for templates are more; these need no encoding in a path. */
const NAME = /^[a-z0-9][a-z0-9_.-]{0,127}$/;

/**
 * A legacy index template (`_template`) as a resource. Its physical id is its address, so that another domain or name
 * is another resource: CloudFormation then has the old one deleted once all else is done.
 *
 * @param open the domain at an endpoint
 */
export function indexTemplateResource(open: (endpoint: string) => Domain): Fulfil {
  const make = async (request: CustomResourceRequest): Promise<Reached> => {
    const template = readProperties(request.ResourceProperties);
    const physicalId = idOf(template);
    if (template.isWanted) await open(template.endpoint).putTemplate(template.name, template.body);
    else if (wasThere(request, physicalId)) await open(template.endpoint).removeTemplate(template.name);
    return { physicalId, data: { Name: template.name } };
  };
  const remove = async ({ PhysicalResourceId = NOTHING, ResourceProperties }: CustomResourceRequest) => {
    if (PhysicalResourceId !== NOTHING) {
      const template = readProperties(ResourceProperties);
      if (template.isWanted) await open(template.endpoint).removeTemplate(template.name);
    }
    return { physicalId: PhysicalResourceId };
  };
  return (request) => (request.RequestType === 'Delete' ? remove(request) : make(request));
}

/** Whether this resource put the template that is not wanted any more; somebody else's of that name stays. */
function wasThere({ OldResourceProperties: old, PhysicalResourceId }: CustomResourceRequest, id: string): boolean {
  return old?.IsWanted === 'true' && PhysicalResourceId === id;
}

function idOf({ endpoint, name }: IndexTemplate): string {
  return `${endpoint}/_template/${name}`;
}

/** Errors: a sentence that names the property. */
export function readProperties(properties: Properties): IndexTemplate {
  const { DomainEndpoint, Name, Body, IsWanted = 'true' } = properties;
  if (typeof DomainEndpoint !== 'string' || DomainEndpoint === '') {
    throw new Error('DomainEndpoint must be the endpoint of an OpenSearch domain.');
  }
  if (typeof Name !== 'string' || !NAME.test(Name)) {
    throw new Error('Name must be the name of an index template: small letters, digits, and _ . - after the first.');
  }
  if (IsWanted !== 'true' && IsWanted !== 'false') throw new Error('IsWanted must be true or false.');
  if (typeof Body !== 'string') throw new Error('Body must be the index template as JSON, in a text.');
  return { endpoint: DomainEndpoint, name: Name, body: checkBody(Body), isWanted: IsWanted === 'true' };
}

function checkBody(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    throw new Error(`Body is not JSON: ${(error as Error).message}`, { cause: error });
  }
  const patterns = (body as { readonly index_patterns?: unknown } | null)?.index_patterns;
  if (!Array.isArray(patterns) || patterns.length === 0) {
    throw new Error('Body must have index_patterns: a list of patterns such as "pinpoint*".');
  }
  return text;
}
