/** A path of an API as its model writes it: `/restapis/{restApiId}/tags/{key+}?mode=import`. */
export interface PathTemplate {
  /** The values of the labels, decoded, or undefined when the path is another one. */
  match(segments: readonly string[], query: URLSearchParams): Record<string, string> | undefined;
  /** Query parameters that the template itself demands. */
  readonly queryNames: readonly string[];
  /** Of two templates that match, the one with the greater text is meant. */
  readonly specificity: string;
}

type Segment = { readonly literal: string } | { readonly label: string; readonly greedy: boolean };

export function pathTemplate(template: string): PathTemplate {
  const [path = '', search = ''] = template.split('?');
  const segments = splitPath(path).map(parseSegment);
  const wanted = [...new URLSearchParams(search)];
  const greedyAt = segments.findIndex((segment) => 'greedy' in segment && segment.greedy);

  return {
    queryNames: wanted.map(([name]) => name),
    // Literal segments come before labels, labels before greedy ones, and a demanded parameter before none.
    specificity: segments.map(rank).join('') + '4'.repeat(wanted.length),
    match(given, query) {
      const extra = given.length - segments.length;
      if (greedyAt < 0 ? extra !== 0 : extra < 0) return undefined;
      if (!wanted.every(([name, value]) => query.has(name) && (value === '' || query.get(name) === value))) {
        return undefined;
      }
      const labels: Record<string, string> = {};
      let at = 0;
      for (const [index, segment] of segments.entries()) {
        const width = index === greedyAt ? 1 + extra : 1;
        const text = given.slice(at, at + width).join('/');
        at += width;
        if ('literal' in segment) {
          if (text !== segment.literal) return undefined;
        } else {
          const value = decode(text);
          if (!value) return undefined;
          labels[segment.label] = value;
        }
      }
      return labels;
    },
  };
}

/** `/a/b` is two segments; a slash at the end does not count. */
export function splitPath(path: string): string[] {
  const inner = path.slice(1);
  return (inner.endsWith('/') ? inner.slice(0, -1) : inner).split('/');
}

function parseSegment(text: string): Segment {
  const label = /^\{([^}+]+)(\+?)\}$/.exec(text);
  return label ? { label: label[1] as string, greedy: label[2] === '+' } : { literal: text };
}

function rank(segment: Segment): string {
  if ('literal' in segment) return '3';
  return segment.greedy ? '1' : '2';
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
