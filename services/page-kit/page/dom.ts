type Child = Node | string | undefined;

const SVG = 'http://www.w3.org/2000/svg';

/** An element of HTML; attributes that are undefined or false are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** An element of SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill<E extends Element>(
  element: E,
  attributes: Readonly<Record<string, string | number | boolean | undefined>>,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no element with the id ${id}`);
  return found as E;
}

/**
 * Puts new children in place of the old ones, unless they look the same: what is focused, selected or read aloud stays
 * as it is. Focus moves to the element with the same `data-key`, and what was scrolled stays so.
 */
export function replace(parent: Element, ...children: readonly Child[]): void {
  const next = parent.cloneNode(false) as Element;
  next.append(...children.filter((child) => child !== undefined));
  if (next.isEqualNode(parent)) return;
  const key = parent.contains(document.activeElement) && document.activeElement?.getAttribute('data-key');
  const scrolled = parent.querySelector('.scroll')?.scrollTop;
  parent.replaceChildren(...next.childNodes);
  if (scrolled) parent.querySelector('.scroll')?.scrollTo({ top: scrolled, behavior: 'instant' });
  if (key) parent.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** What a CSS variable stands for now. */
export function cssColor(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}
