const NAME = '(?:context|stageVariables|method\\.request)(?:\\.[A-Za-z0-9_-]+)+';
/** `$context.identity.sourceIp`, `${context.requestId}`, `$stageVariables.x`, `$method.request.header.X`. */
const VARIABLE = new RegExp(`\\$(${NAME})|\\$\\{(${NAME})\\}`, 'g');

/**
 * Puts variables into the format of an access log or the template of a gateway response. Neither is a Velocity
 * template: nothing but variables is replaced (developer guide, "Gateway responses").
 */
export function compileFormat(format: string): (lookUp: (name: string) => string) => string {
  const parts: { readonly text: string; readonly name: string | undefined }[] = [];
  let at = 0;
  for (const match of format.matchAll(VARIABLE)) {
    parts.push({ text: format.slice(at, match.index), name: match[1] ?? match[2] });
    at = match.index + match[0].length;
  }
  const rest = format.slice(at);
  return (lookUp) => {
    let text = '';
    for (const part of parts) text += part.text + lookUp(part.name ?? '');
    return text + rest;
  };
}
