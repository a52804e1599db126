import type { RuleKeys } from './keys';

/**
 * Keys that are arguments of one function, not settings of the engine (a fence, a lock, a file format). The observer
 * that calls the function reads them; here they are only known.
 */
const DIRECT = [
  ['ipAllowlist', 'trustedProxies', 'importMode'],
  ['lockStart', 'lockEnd', 'graceDays', 'maxDatesPerCall', 'lookBackHours'],
  ['type', 'starts', 'anchor', 'weeks'],
  ['format', 'dateFormat', 'timeFormat', 'decimal', 'headerDetection', 'ambiguous'],
  ['watermark', 'tenants', 'bom', 'fence'],
  ['minDailyRestHours', 'minWeeklyRestHours', 'breakRequiredOverHours'],
].flat();

export const DIRECT_KEYS: RuleKeys = Object.fromEntries(DIRECT.map((key) => [key, () => undefined]));
