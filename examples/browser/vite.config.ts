// Cross-origin isolation: the page may share memory between threads.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default { server: { headers }, preview: { headers }, worker: { format: 'es' }, build: { target: 'es2022' } };
