import path from 'node:path';
import { builtProgram } from './build';

/** Takes the place of the module of that name: a thread has no compiler, so it runs the program as it is built. */
export const workerFile = path.join(path.dirname(builtProgram()), 'attendance/imports/reading/xlsx/sheet-worker.js');
