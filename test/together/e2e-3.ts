import '../support/shared-server'; // out here: what the files share ends after the last of them
import { together } from './together';

together('e2e', 3, 3);
