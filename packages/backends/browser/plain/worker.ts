/** A worker for pages without a bundler: it serves detectors. */
import { serveDetector } from './retinabench.js';

serveDetector();
