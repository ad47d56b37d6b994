import { errors } from './errors.ts';

/** Characters. Source: API reference, DomainName. */
const NAME = { min: 3, max: 28, pattern: '[a-z][a-z0-9\\-]+' } as const;

/** @throws AwsError ValidationException, with all that is wrong, in AWS's words and order */
export function checkDomainName(name: string | undefined): string {
  if (name === undefined) {
    throw errors.violations(["Value null at 'domainName' failed to satisfy constraint: Member must not be null"]);
  }
  const violated: string[] = [];
  if (!new RegExp(`^${NAME.pattern}$`).test(name)) {
    violated.push(`satisfy regular expression pattern: ${NAME.pattern}`);
  }
  if (name.length > NAME.max) violated.push(`have length less than or equal to ${NAME.max}`);
  if (name.length < NAME.min) violated.push(`have length greater than or equal to ${NAME.min}`);
  if (violated.length === 0) return name;
  throw errors.violations(
    violated.map((must) => `Value '${name}' at 'domainName' failed to satisfy constraint: Member must ${must}`),
  );
}
