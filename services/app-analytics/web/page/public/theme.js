// Before anything is painted, so that nobody is dazzled. `settings.ts` writes it.
try {
  const theme = JSON.parse(localStorage.getItem('app-analytics') || '{}').theme;
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the page follows the system.
}
