import { element } from './element.js';

type Theme = 'auto' | 'light' | 'dark';

const listeners: (() => void)[] = [];
const darkScheme = matchMedia('(prefers-color-scheme: dark)');

/** Call `listener` whenever the colours of the page change. */
export function onThemeChange(listener: () => void): void {
  listeners.push(listener);
}

/** A colour of the page's style by the name of its custom property, as it is now. */
export function themeColour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${property}`).trim();
}

/** The choice between the system's colours, light and dark. */
export function themeSwitch(): HTMLElement {
  const select = element(
    'select',
    { id: 'theme', 'aria-label': 'Colours' },
    ...(['auto', 'light', 'dark'] satisfies Theme[]).map((theme) =>
      element('option', { value: theme }, `Theme: ${theme}`),
    ),
  );
  select.addEventListener('change', () => applyTheme(select.value as Theme));
  darkScheme.addEventListener('change', () => applyTheme(select.value as Theme));
  addEventListener('beforeprint', () => applyTheme('light'));
  addEventListener('afterprint', () => applyTheme(select.value as Theme));
  applyTheme('auto');
  return select;
}

function applyTheme(theme: Theme): void {
  const dark = theme === 'dark' || (theme === 'auto' && darkScheme.matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  for (const listener of listeners) listener();
}
