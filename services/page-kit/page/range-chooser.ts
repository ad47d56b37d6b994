import { byId, el, replace } from './dom.ts';
import type { FrameTexts } from './texts.ts';

/** Until now, or between two instants. Ms; `last` in seconds. */
export type ChosenRange = { readonly last: number } | { readonly from: number; readonly to: number };

const LASTS = [900, 3600, 21600, 86400, 604800] as const;

/** A range as the server is asked for it. */
export function queryOf(range: ChosenRange): Record<string, string> {
  return 'last' in range ? { last: String(range.last) } : { from: String(range.from), to: String(range.to) };
}

export interface RangeChooserOptions {
  onRange(range: ChosenRange): void;
  /** Whether the form proposes an end after the last second that is shown: the end itself is not in a range. */
  readonly takesLastSecond: boolean;
  /** The server's time, in ms. */
  now(): number;
}

/** The radio buttons of ranges, and the form for another one; `ranges` and `custom` in index.html. */
export class RangeChooser {
  readonly #ranges = byId('ranges');
  readonly #form = byId<HTMLFormElement>('custom');
  readonly #from = el('input', { type: 'datetime-local', step: 1, required: true, name: 'from' });
  readonly #to = el('input', { type: 'datetime-local', step: 1, required: true, name: 'to' });
  readonly #options: RangeChooserOptions;
  #state: { readonly range: ChosenRange; readonly texts: FrameTexts } | undefined;

  constructor(options: RangeChooserOptions) {
    this.#options = options;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      const [from, to] = [new Date(this.#from.value).getTime(), new Date(this.#to.value).getTime()];
      const isWrong = !(from < to);
      this.#to.setCustomValidity(isWrong ? (this.#state?.texts.wrongRange ?? '') : '');
      if (isWrong) return void this.#to.reportValidity();
      this.#form.hidden = true;
      options.onRange({ from, to });
    });
    for (const input of [this.#from, this.#to]) input.addEventListener('input', () => this.#to.setCustomValidity(''));
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#form.hidden) return;
      this.#form.hidden = true;
      this.#ranges.querySelector<HTMLElement>('[data-key="custom"]')?.focus();
    });
    document.addEventListener('pointerdown', ({ target }) => {
      const isInside = target instanceof Element && target.closest('#custom, [data-key="custom"]') !== null;
      if (!isInside) this.#form.hidden = true;
    });
    // As in every group of radio buttons, the arrows move within it.
    this.#ranges.addEventListener('keydown', (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const chips = [...this.#ranges.querySelectorAll('button')];
      const at = chips.indexOf(document.activeElement as HTMLButtonElement);
      const next = chips.at((at + step) % chips.length);
      next?.focus();
      if (next?.dataset.key !== 'custom') next?.click();
    });
  }

  update(range: ChosenRange, texts: FrameTexts): void {
    const isOtherLanguage = texts !== this.#state?.texts;
    this.#state = { range, texts };
    const lasts = LASTS.map((last) =>
      radio(texts.ranges[last], String(last), 'last' in range && range.last === last, () =>
        this.#options.onRange({ last }),
      ),
    );
    const custom = radio(texts.custom, 'custom', 'from' in range, () => this.#openForm());
    custom.setAttribute('aria-haspopup', 'dialog');
    replace(this.#ranges, ...lasts, custom);
    // Whoever is typing into the form keeps the focus.
    if (!isOtherLanguage) return;
    replace(
      this.#form,
      el('label', {}, texts.from, this.#from),
      el('label', {}, texts.to, this.#to),
      this.#nowButton(texts),
      el('button', { type: 'submit', class: 'primary' }, texts.apply),
    );
  }

  #nowButton(texts: FrameTexts): HTMLElement {
    const button = el('button', { type: 'button', class: 'switch' }, texts.untilNow);
    button.addEventListener('click', () => {
      this.#to.value = localText(this.#options.now());
    });
    return button;
  }

  #openForm(): void {
    if (this.#state === undefined) return;
    const { range } = this.#state;
    const now = this.#options.now();
    const shown = 'from' in range ? range : { from: now - range.last * 1000, to: now };
    this.#from.value = localText(shown.from);
    this.#to.value = localText(shown.to + (this.#options.takesLastSecond ? 999 : 0));
    this.#form.hidden = !this.#form.hidden;
    if (!this.#form.hidden) this.#from.focus();
  }
}

function radio(text: string, key: string, isChosen: boolean, choose: () => void): HTMLButtonElement {
  const attributes = { role: 'radio', 'aria-checked': String(isChosen), tabindex: isChosen ? 0 : -1 };
  const button = el('button', { type: 'button', class: 'chip', 'data-key': key, ...attributes }, text);
  button.addEventListener('click', choose);
  return button;
}

/** What a `datetime-local` takes: local time without a zone. */
function localText(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
