/**
 * What is wrong with a comparison page: it has to be one whole file with its data, script and style inside.
 *
 * @param ap the AP of the one record that it shows.
 */
export function pageFaults(html, ap) {
  const faults = [];
  if (!/^<!doctype html>/i.test(html) || !html.trimEnd().endsWith('</html>')) faults.push('it is cut short');
  const outside = html.match(/<(?:script|link|img)\b[^>]*\b(?:src|href)="(?!data:)[^"]*"/);
  if (outside !== null) faults.push(`it loads something: ${outside[0]}`);
  if (!/<style>[^<]{1000}/.test(html)) faults.push('it has no style');
  const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text.length);
  if (!scripts.some((length) => length > 50_000)) faults.push('it has no program');
  const data = html.match(/<script type="application\/json" id="page-data">(.*?)<\/script>/s)?.[1];
  if (data === undefined) return [...faults, 'it has no data'];
  const shown = JSON.parse(data).records?.[0]?.ap;
  if (JSON.stringify(shown) !== JSON.stringify(ap)) {
    faults.push(`it shows AP ${JSON.stringify(shown)}, the record has ${JSON.stringify(ap)}`);
  }
  return faults;
}
