import { byId, replace } from './dom.ts';
import type { FrameFormats } from './format.ts';
import { ServerClock } from './server-clock.ts';
import { loadSettings, type Settings, saveSettings, type Theme } from './settings.ts';
import type { FrameTexts, Language } from './texts.ts';

/** A clock that is this far away is worth telling, in ms. */
const WORTH_TELLING = 30_000;

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const THEME_SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

/** The one sentence at the top. */
export interface Status {
  readonly kind: 'loading' | 'calm' | 'alarm' | 'none' | 'trouble';
  readonly text: string;
}

export interface FrameOptions<Texts, Formats> {
  readonly texts: Readonly<Record<Language, Texts>>;
  createFormats(language: Language): Formats;
  /** The range of whoever has not chosen one: so many seconds until now. */
  readonly defaultLast: number;
  /** The page is to be shown in another language, or in other colours. */
  onChange(): void;
}

/** What every page has around its content: language, light and dark, the server's time, and the line of its status. */
export class Frame<Texts extends FrameTexts & { readonly title: string }, Formats extends FrameFormats> {
  readonly #options: FrameOptions<Texts, Formats>;
  readonly #settings: Settings;
  readonly #clock = new ServerClock();
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  #formats: Formats;

  constructor(options: FrameOptions<Texts, Formats>) {
    this.#options = options;
    this.#settings = loadSettings(options.defaultLast);
    this.#formats = options.createFormats(this.#settings.language);
    byId('language').addEventListener('click', () => {
      this.#settings.language = this.#settings.language === 'ko' ? 'en' : 'ko';
      this.#formats = options.createFormats(this.#settings.language);
      this.#changed();
    });
    byId('theme').addEventListener('click', () => {
      const theme = THEMES[(THEMES.indexOf(this.#settings.theme) + 1) % THEMES.length] ?? 'system';
      this.#settings.theme = theme;
      if (theme === 'system') delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      this.#changed();
    });
    this.#dark.addEventListener('change', () => options.onChange());
    setInterval(() => this.showTime(), 1_000);
    this.#translate();
  }

  get texts(): Texts {
    return this.#options.texts[this.#settings.language];
  }

  get formats(): Formats {
    return this.#formats;
  }

  /** The colours that are shown. */
  get theme(): 'light' | 'dark' {
    const { theme } = this.#settings;
    return theme === 'system' ? (this.#dark.matches ? 'dark' : 'light') : theme;
  }

  /** The range until now that was chosen last, in seconds; kept for the next visit. */
  get last(): number {
    return this.#settings.last;
  }

  set last(seconds: number) {
    this.#settings.last = seconds;
    saveSettings(this.#settings);
  }

  /** The server's time, in ms; this device's before the first answer. */
  now(): number {
    return this.#clock.now(Date.now()) ?? Date.now();
  }

  /** The server has just told its time. */
  hear(serverNow: number): void {
    this.#clock.hear(serverNow, Date.now());
  }

  /** `isStale`: what is shown is not from now. */
  showStatus({ kind, text }: Status, isStale: boolean): void {
    const line = byId('status');
    line.dataset.kind = kind;
    replace(line, text);
    document.title = `${kind === 'alarm' ? '▲ ' : ''}${this.texts.title}`;
    document.body.classList.toggle('stale', isStale);
  }

  showTime(): void {
    const { texts, formats } = this;
    const now = this.#clock.now(Date.now());
    if (now === undefined) return;
    const offset = Math.abs(this.#clock.offset(Date.now()));
    const moved = offset < WORTH_TELLING ? '' : ` · ${texts.clockMoved(formats.duration(offset))}`;
    replace(byId('clock'), `${texts.clock(formats.dateTime(now))}${moved}`);
  }

  #changed(): void {
    saveSettings(this.#settings);
    this.#translate();
    this.#options.onChange();
  }

  /** What stands in index.html, in the chosen language. */
  #translate(): void {
    const { texts } = this;
    const { language, theme } = this.#settings;
    const text = (key: string | undefined) => String(texts[key as keyof Texts]);
    document.documentElement.lang = language;
    for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
      element.textContent = text(element.dataset.text);
    }
    for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
      element.setAttribute('aria-label', text(element.dataset.label));
    }
    byId('language').textContent = texts.languageSwitch;
    byId('language').lang = language === 'ko' ? 'en' : 'ko';
    const button = byId('theme');
    button.textContent = THEME_SIGNS[theme];
    button.title = texts.themeSwitch[theme];
    button.setAttribute('aria-label', button.title);
  }
}
