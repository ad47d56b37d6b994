import { el } from '../../../page-kit/page/dom.ts';
import { colorOf } from './palette.ts';
import type { Texts } from './texts.ts';

export interface DetectorChips {
  readonly detectors: readonly string[];
  readonly selected: string | undefined;
  readonly texts: Texts;
  onDetector(groupid: string | undefined): void;
}

/** Which detector, or all of them. */
export function detectorChips({ detectors, selected, texts, onDetector }: DetectorChips): HTMLElement[] {
  if (detectors.length === 0) return [];
  const all = chip(texts.all, 'all', selected === undefined, () => onDetector(undefined));
  const each = detectors.map((groupid) => {
    const name = chip(groupid, `detector-${groupid}`, selected === groupid, () => onDetector(groupid));
    name.setAttribute('aria-label', texts.detector(groupid));
    name.prepend(el('span', { class: 'dot', 'data-line': colorOf(groupid, detectors).slice(2) }));
    return name;
  });
  return [all, ...each];
}

function chip(text: string, key: string, isChosen: boolean, choose: () => void): HTMLButtonElement {
  const attributes = { 'aria-pressed': String(isChosen) };
  const button = el('button', { type: 'button', class: 'chip', 'data-key': key, ...attributes }, text);
  button.addEventListener('click', choose);
  return button;
}
