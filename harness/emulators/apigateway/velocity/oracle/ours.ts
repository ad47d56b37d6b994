import { evaluate, fromJson, parseTemplate, VelocityError } from '../index.ts';

/** Our rendering of a template over a JSON context, in the corpus's terms: the output, or `error`. */
export function render(template: string, context: Readonly<Record<string, unknown>>): string {
  const variables = Object.fromEntries(Object.entries(context).map(([name, value]) => [name, fromJson(value)]));
  try {
    return evaluate(parseTemplate(template), variables).output;
  } catch (error) {
    if (error instanceof VelocityError) return 'error';
    throw error;
  }
}
