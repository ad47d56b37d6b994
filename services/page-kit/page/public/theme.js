// Before anything is painted, so that nobody is dazzled. `settings.ts` writes it.
try {
  const { dataset } = document.documentElement;
  const theme = JSON.parse(localStorage.getItem(dataset.page) || '{}').theme;
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
} catch {
  // Without storage the page follows the system.
}
