import { element } from './element.js';

type Theme = 'auto' | 'light' | 'dark';

const listeners: (() => void)[] = [];

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
  const darkScheme = matchMedia('(prefers-color-scheme: dark)');
  const select = element(
    'select',
    { id: 'theme', 'aria-label': 'Colours' },
    ...(['auto', 'light', 'dark'] satisfies Theme[]).map((theme) =>
      element('option', { value: theme }, `Theme: ${theme}`),
    ),
  );
  const apply = (theme: Theme): void => {
    const dark = theme === 'dark' || (theme === 'auto' && darkScheme.matches);
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
    for (const listener of listeners) listener();
  };
  const applyChosen = (): void => apply(select.value as Theme);
  select.addEventListener('change', applyChosen);
  darkScheme.addEventListener('change', applyChosen);
  addEventListener('beforeprint', () => apply('light'));
  addEventListener('afterprint', applyChosen);
  apply('auto');
  return select;
}
