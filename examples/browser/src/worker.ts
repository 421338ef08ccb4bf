import { serveDetector } from '@retinabench/backends/browser';

serveDetector();
