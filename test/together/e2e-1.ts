import { together } from './together';

together('e2e', 1, 4);
