import { Controller, Get, Header, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Allow } from '../../auth/access.decorators';
import type { Principal } from '../../auth/principal';
import { dateIn } from '../../http/input/dates';
import { idParam } from '../../http/input/id.pipe';
import { notFound } from '../../http/problems/problem';
import { Caller, ReadRoute } from '../../routing/routes';
import {
  dayList,
  dayQuery,
  type DayQuery,
  explainedDay,
  summaryQuery,
  type SummaryQuery,
  summaryResource,
} from './day.schemas';
import { DayListing } from './day-listing';
import { presenceBoard, PresenceBoard, presenceQuery, type PresenceQuery } from './presence-board';
import { Summary } from './summary';

@ApiTags('work days')
@Controller('api/attendance')
@Allow('attendance:read')
export class DaysController {
  constructor(
    private readonly days: DayListing,
    private readonly summary: Summary,
    private readonly board: PresenceBoard,
  ) {}

  @Get('days')
  @ReadRoute({
    summary: 'List work days, newest first',
    description:
      'One row a person and work date, computed from punches, shifts, leave and the policy in force, within a second of any change. ' +
      'A night shift is one day: the one on which it began, unless the policy says otherwise. Employees see their own, approvers their org unit.',
    ok: dayList,
  })
  list(@Caller() by: Principal, @Query({ schema: dayQuery }) query: DayQuery) {
    return this.days.page(by, query);
  }

  @Get('days/:employeeId/:date')
  @ReadRoute({
    summary: 'Read one work day, and how it was computed',
    description:
      '`explanation` says step by step, in words, how the punches became paid time; `punches` are those it was made of. A date without work, shift or leave is not on record: 404.',
    ok: explainedDay,
  })
  async get(
    @Caller() by: Principal,
    @Param('employeeId', idParam('work day')) employeeId: string,
    @Param('date') date: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const day = dateIn(by.timeZone, date);
    if (day === undefined) throw notFound('work day');
    const { body, revision } = await this.days.explained(by, employeeId, day);
    void reply.header('etag', `"${revision}"`);
    return body;
  }

  @Get('summary')
  @ReadRoute({
    summary: 'Sums by person, day, week or pay period',
    description:
      'Added up in seconds and shown in whole minutes. Weeks begin where the policy says. What is still open stands beside it: absences, open exceptions, approved days.',
    ok: summaryResource,
  })
  sums(@Caller() by: Principal, @Query({ schema: summaryQuery }) query: SummaryQuery) {
    return this.summary.of(by, query);
  }

  @Get('presence')
  @ReadRoute({
    summary: 'Who is in, on a break, late or absent: now',
    description:
      'By the punches reported so far and the shifts whose window is open. `late`: the grace is over and nobody came; `absent`: the shift is over and nobody came; `expected`: it has not begun. ' +
      'Somebody who forgot to punch out counts as gone after the `presenceTimeoutHours` of the settings.',
    ok: presenceBoard,
  })
  @Header('content-type', 'application/json; charset=utf-8')
  presence(@Caller() by: Principal, @Query({ schema: presenceQuery }) query: PresenceQuery): Promise<string> {
    return this.board.now(by, query);
  }
}
