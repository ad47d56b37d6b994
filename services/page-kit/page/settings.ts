import type { Language } from './texts.ts';

export type Theme = 'system' | 'light' | 'dark';

/** What the page remembers of its user, in this browser. */
export interface Settings {
  language: Language;
  theme: Theme;
  /** The range until now, in seconds. */
  last: number;
}

/** Named in index.html; `theme.js` reads it too. */
const KEY = document.documentElement.dataset.page ?? 'page';

/** `last`: the range of whoever has not chosen one, in seconds. */
export function loadSettings(last: number): Settings {
  const language = navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  const settings: Settings = { language, theme: 'system', last };
  try {
    const saved = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>;
    if (saved.language === 'ko' || saved.language === 'en') settings.language = saved.language;
    if (saved.theme === 'light' || saved.theme === 'dark') settings.theme = saved.theme;
    if (typeof saved.last === 'number' && saved.last > 0) settings.last = saved.last;
  } catch {
    // A browser may forbid storage; then nothing is remembered.
  }
  return settings;
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // See above.
  }
}
