import { z } from 'zod';
import { identifier as id } from '../../http/input/identifiers';
import { localDate } from '../../http/input/dates';
import { type DayNumber, parseDate } from '../rules/time/calendar';

export const date = localDate.describe('local date');
export const orgUnitId = id.describe('for the people of this org unit only; left out, for everybody');
export const version = z.number().int().describe('the ETag, for If-Match');
export const fromDate = date.optional().describe('first date, included');
export const toDate = date.optional().describe('last date, included');

export const exampleUnit = '01939c2e-8a56-7cc0-b1f4-0c35a3d1f0b7';

/** Open ends of a span of dates. */
export const always = { from: '0001-01-01', to: '9999-12-31' } as const;

export const daysBetween = (from: string, to: string): DayNumber => parseDate(to) - parseDate(from);
