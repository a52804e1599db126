import { z } from 'zod';
import { isInside, distanceMetres } from '../../../../src/attendance/rules/place/geofence';
import { isBreakDue } from '../../../../src/attendance/rules/working-time/meals';
import {
  judgeNightAverage,
  judgeWeeklyAverage,
  restsBetween,
} from '../../../../src/attendance/rules/working-time/limits';
import { hours, number, read, Unsupported } from '../case';
import { toHours, type CaseContext, type Observers } from '../context';
import { oneDecimal } from './form';

/** Averages, rests and breaks of the Working Time Directive. */
export const WORKING_TIME_OBSERVERS: Observers = {
  averageHours: (context) => oneDecimal(toHours(weekly(context).average)),
  averageDailyHours: (context) => oneDecimal(toHours(nightly(context).average)),
  restHours: (context) => toHours(decisiveRest(context).seconds),
  violation: (context) => {
    const { rules } = context.given;
    if ('maxAverage' in rules) return weekly(context).violation;
    if ('nightMaxAverageDaily' in rules) return nightly(context).violation;
    const { seconds, minimum } = decisiveRest(context);
    return seconds < minimum;
  },
  breakRequired: ({ given: { rules, inputs } }) =>
    isBreakDue(hours(inputs.workedHours, 'workedHours'), hours(rules.breakRequiredOverHours, 'breakRequiredOverHours')),
};

function weekly({ given: { rules, inputs } }: CaseContext) {
  const weeks = read(z.array(z.number()), inputs.weeklyHours, 'weeklyHours').map((each) => each * 3600);
  const reference = number(rules.referenceWeeks ?? weeks.length, 'referenceWeeks');
  const limit = hours(rules.maxAverage, 'maxAverage');
  const excluded = inputs.excludedWeeks === undefined ? 0 : number(inputs.excludedWeeks, 'excludedWeeks');
  return judgeWeeklyAverage(weeks.slice(-reference), limit, excluded);
}

function nightly({ given: { rules, inputs } }: CaseContext) {
  const weeks = number(inputs.weeks, 'weeks');
  const worked = weeks * number(inputs.shiftsPerWeek, 'shiftsPerWeek') * hours(inputs.shiftHours, 'shiftHours');
  return judgeNightAverage(worked, weeks, hours(rules.nightMaxAverageDaily, 'nightMaxAverageDaily'));
}

/** The shortest rest where each must be long enough, the longest where one must be. */
function decisiveRest({ given: { rules }, setup }: CaseContext): { seconds: number; minimum: number } {
  const ends = setup.punches.map(({ at, type }) => (type === 'out' ? { start: at, end: at } : null));
  const work = setup.punches.flatMap(({ at, type }, index) => {
    if (type === 'in') return [{ start: at, end: setup.punches[index + 1]?.at ?? at }];
    return index === 0 ? [ends[0] ?? { start: at, end: at }] : [];
  });
  const rests = restsBetween(work).map((each) => each.end - each.start);
  if ('minDailyRestHours' in rules) {
    return { seconds: Math.min(...rests), minimum: hours(rules.minDailyRestHours, 'minDailyRestHours') };
  }
  if ('minWeeklyRestHours' in rules) {
    return { seconds: Math.max(...rests), minimum: hours(rules.minWeeklyRestHours, 'minWeeklyRestHours') };
  }
  throw new Unsupported('rest without a minimum');
}

const fenceSchema = z.object({ lat: z.number(), lon: z.number(), radiusM: z.number() });
const positionSchema = z.object({ lat: z.number(), lon: z.number() });

export const GEOFENCE_OBSERVERS: Observers = {
  distanceM: (context) => oneDecimal(distanceMetres(fenceOf(context), positionOf(context))),
  inside: (context) => isInside(fenceOf(context), positionOf(context)),
};

function fenceOf({ given }: CaseContext) {
  const { lat, lon, radiusM } = read(fenceSchema, given.rules.fence, 'fence');
  return { latitude: lat, longitude: lon, radiusMetres: radiusM };
}

function positionOf({ given }: CaseContext) {
  const { lat, lon } = read(positionSchema, given.punches[0], 'position');
  return { latitude: lat, longitude: lon };
}
