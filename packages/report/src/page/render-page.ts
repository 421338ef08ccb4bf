import { sha256Hex } from '@retinabench/core';
import { type HtmlNode, html } from '../html/node.js';
import { escapeHtml, renderHtml } from '../html/render-html.js';
import type { PageData } from './page-data.js';
import { pageSections, sectionNode } from './page-sections.js';
import { scriptJson } from './script-json.js';
import { notices } from './sections/notices.js';

/** The page's program and style, bundled when the package is built. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The page: one HTML file that needs nothing else. Its tables are in the HTML; the script draws the charts and lets tables be
 * sorted, filtered and saved. Where a policy forbids script or style, the numbers are there all the same. The data of the
 * charts is a JSON block that only the page's own script reads, and shows as text; a content security policy that names
 * script and style by hash forbids everything else, the network included.
 */
export function renderPage(data: PageData, { script, style }: PageAssets): string {
  const safeScript = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(safeScript)}'`,
    `style-src '${sourceHash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="RetinaBench">
<title>${escapeHtml(data.title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${renderHtml(pageBody(data))}
<script type="application/json" id="page-data">${scriptJson(data)}</script>
<script>${safeScript}</script>
</body>
</html>
`;
}

function sourceHash(content: string): string {
  return `sha256-${Buffer.from(sha256Hex(new TextEncoder().encode(content)), 'hex').toString('base64')}`;
}

function pageBody(data: PageData): HtmlNode {
  const sections = pageSections(data);
  const count = data.records.length;
  return html(
    'div',
    { id: 'page' },
    html('a', { class: 'skip', href: '#main' }, 'Skip to the results'),
    html(
      'header',
      {},
      html(
        'div',
        {},
        html('h1', {}, data.title),
        html(
          'p',
          { class: 'meta' },
          `${count} record${count === 1 ? '' : 's'} · ${data.createdAt.slice(0, 16).replace('T', ' ')} UTC`,
        ),
      ),
      html('div', { class: 'controls' }),
    ),
    html(
      'nav',
      { 'aria-label': 'Sections' },
      ...sections.map(({ id, short, content }) => html('a', { href: `#${id}`, hidden: content.length === 0 }, short)),
    ),
    html(
      'main',
      { id: 'main', tabindex: -1 },
      html(
        'p',
        { class: 'notice', id: 'no-script' },
        'The charts are drawn by a script inside this page, which has not run here. All tables are below.',
      ),
      ...notices(data),
      ...sections.map(sectionNode),
    ),
    html('footer', {}, 'Made with ', html('code', {}, data.command), ` on ${data.createdAt}.`),
  );
}
