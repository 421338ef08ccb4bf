import { sha256Hex } from '@retinabench/core';
import type { PageData } from './page-data.js';
import { scriptJson } from './script-json.js';

/** The page's program and style, bundled when the package is built. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The page: one HTML file that needs nothing else. Its data is a JSON block that only its own script reads, and shows as
 * text; a content security policy that names script and style by hash forbids everything else, the network included.
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
<noscript><p>This page draws its tables and charts with a script inside it; allow it to run.</p></noscript>
<div id="page"></div>
<script type="application/json" id="page-data">${scriptJson(data)}</script>
<script>${safeScript}</script>
</body>
</html>
`;
}

function sourceHash(content: string): string {
  return `sha256-${Buffer.from(sha256Hex(new TextEncoder().encode(content)), 'hex').toString('base64')}`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
