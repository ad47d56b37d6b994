/** What a query made of one value, or why it could not. */
export type Answer = { readonly value: unknown } | { readonly error: string };

/**
 * Puts a jq query to JSON texts, one answer each: the query's first result, with the members of an object as texts.
 * `now` in the query is `now`, ms since the epoch.
 *
 * One program runs over all texts, each as an input of its own, because starting jq costs more than a query. Where that
 * goes wrong (a text that only jq refuses, a query that reads the next input), each text gets a program of its own.
 */
export async function queryAll(query: string, texts: readonly string[], now: number): Promise<Answer[]> {
  if (texts.length === 0) return [];
  // Not before it is used: the module holds a compiled jq of more than a megabyte.
  const { raw } = await import('jq-wasm');
  const program = `def now: ${now / 1000}; try {value: [(${query}\n) | ${MEMBERS_AS_TEXTS}]} catch {error: .}`;
  const ask = async (inputs: readonly string[]): Promise<Answer[] | string> => {
    try {
      const output = await raw(inputs.join('\n'), program, ['-c']);
      const lines = output.split('\n').filter((line) => line !== '');
      return lines.length === inputs.length ? lines.map(readAnswer) : 'The query did not give one result.';
    } catch (error) {
      return messageOf(error);
    }
  };
  const together = await ask(texts);
  if (typeof together !== 'string') return together;
  if (together.includes('compile error')) return texts.map(() => ({ error: together }));
  const answers: Answer[] = [];
  for (const text of texts) {
    const alone = await ask([text]);
    answers.push(typeof alone === 'string' ? { error: alone } : (alone[0] as Answer));
  }
  return answers;
}

/** Made texts by jq, which keeps large numbers as they are written. */
const MEMBERS_AS_TEXTS =
  'if type == "object" then map_values(if type == "string" or . == null then . else tojson end) else . end';

function readAnswer(line: string): Answer {
  const answer = JSON.parse(line) as { value?: unknown[]; error?: unknown };
  if (answer.value === undefined) {
    return { error: typeof answer.error === 'string' ? answer.error : JSON.stringify(answer.error) };
  }
  return { value: answer.value[0] };
}

/** Without what jq says of itself: `jq: error (at /dev/stdin:0): `. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/^Failed to execute raw query: /, '')
    .replace(/^jq: (?:parse )?error(?: \(at [^)]*\))?: /, '')
    .trim();
}
