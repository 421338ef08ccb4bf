// Cross-origin isolation: the page may share memory between threads.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

// Another port: npx nx run browser-example:serve --port=8011.
const server = { headers, host: '127.0.0.1', port: 8010, strictPort: true };

export default { server, preview: { headers }, worker: { format: 'es' }, build: { target: 'es2022' } };
