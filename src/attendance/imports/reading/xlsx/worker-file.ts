import path from 'node:path';

/** What a thread that reads a workbook runs: `sheet-worker.ts`, compiled beside this file. */
export const workerFile = path.join(__dirname, 'sheet-worker.js');
