import type { Language } from './texts.ts';

export type Theme = 'system' | 'light' | 'dark';

/** What the page remembers of its user, in this browser. */
export interface Settings {
  language: Language;
  theme: Theme;
  /** The range until now, in seconds. */
  last: number;
}

/** `theme.js` reads it too. */
const KEY = 'app-analytics';

export function loadSettings(): Settings {
  const language = navigator.language.toLowerCase().startsWith('ko') ? 'ko' : 'en';
  const settings: Settings = { language, theme: 'system', last: 900 };
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
