import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { preview, type PreviewResult } from '../rules/preview/preview';
import { type PreviewRequest, previewSchema } from '../rules/preview/preview.schemas';
import { refusingRules } from '../people/rule-problem';
import { ReadRoute } from '../../routing/routes';
import { previewResult } from './preview.schemas';

/** Asks the rules what would come of a policy, shifts and punches. Everything it needs is in the question. */
@ApiTags('work days')
@Controller('api/attendance/rules')
export class RulesPreviewController {
  /** Sent by POST for its body alone: it changes nothing, and no transaction is opened. */
  @Post('preview')
  @HttpCode(200)
  @ReadRoute({
    allow: ['attendance:read'],
    summary: 'What would come of these punches',
    description:
      'Computes up to 62 days of one imaginary employee under a policy of your choice, with the explanation of every day; nothing is stored or read. ' +
      'The rules are the ones that compute the real days. What cannot be computed without guessing is refused with a code of its own and a pointer: ' +
      '`time_zone_unknown`, `local_time_nonexistent`, `local_time_ambiguous`, `end_before_start`, `shift_too_long`, `shifts_overlap`, `span_too_long`, `policy_invalid`.',
    ok: previewResult,
  })
  preview(@Body({ schema: previewSchema }) body: PreviewRequest): PreviewResult {
    return refusingRules(() => preview(body));
  }
}
