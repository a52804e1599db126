import { together } from './together';

together('e2e', 4, 4);
