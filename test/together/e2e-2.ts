import { together } from './together';

together('e2e', 2, 4);
