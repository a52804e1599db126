import { together } from './together';

together('e2e', 3, 4);
