import { workerData } from 'node:worker_threads';
import { runScoreJob, type ScoreJob } from './score-job.js';

runScoreJob(workerData as ScoreJob);
