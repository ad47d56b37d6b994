import { el, replace } from '../../../page-kit/page/dom.ts';
import type { Formats } from './format.ts';
import type { LiveState } from './live.ts';
import { type Message, readMessage } from './messages.ts';
import type { Texts } from './texts.ts';

/** How many messages are kept. */
const KEPT = 100;

const SIGNS = { success: '✓', failure: '✕', warning: '▲', other: '·' } as const;

/** The messages as they come, newest first. */
export class MessageList {
  readonly #state = el('p', { class: 'live-state' });
  readonly #list = el('ol', { class: 'messages', role: 'log', 'aria-labelledby': 'live-title' });
  readonly #empty = el('p', {});
  readonly #scroll = el(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-labelledby': 'live-title' },
    this.#list,
    this.#empty,
  );
  #messages: readonly { readonly message: Message; readonly at: number }[] = [];

  constructor(parent: HTMLElement) {
    parent.append(this.#state, this.#scroll);
  }

  add(payload: string, at: number): Message {
    const message = readMessage(payload);
    this.#messages = [{ message, at }, ...this.#messages].slice(0, KEPT);
    return message;
  }

  update(state: LiveState, texts: Texts, formats: Formats): void {
    this.#state.dataset.state = state;
    replace(this.#state, texts.liveStates[state]);
    this.#empty.textContent = this.#messages.length === 0 ? texts.noMessages : '';
    this.#scroll.classList.toggle('empty', this.#messages.length === 0);
    replace(
      this.#list,
      ...this.#messages.map(({ message: { kind, text }, at }) =>
        el(
          'li',
          { class: kind },
          el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[kind]),
          el('span', { class: 'text' }, text),
          el('time', { datetime: new Date(at).toISOString() }, formats.time(at)),
        ),
      ),
    );
  }
}
