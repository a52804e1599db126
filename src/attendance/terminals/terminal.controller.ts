import { applyDecorators, Controller, Get, Header, HttpCode, Param, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiForbiddenResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Audited } from '../../audit/audited.decorator';
import { evidenceOf } from '../../audit/evidence';
import { Public } from '../../auth/access.decorators';
import { UnitOfWork } from '../../database/unit-of-work';
import { clientAddress, pathOf } from '../../http/request-target';
import { Problem } from '../../http/problem';
import { discard, readText, StreamedBody } from '../../http/streamed-body';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import { linesOf } from './attlog-lines';
import { handshake, offsetOf, signOnCommand } from './handshake';
import { parameterOf, TerminalDoor } from './terminal-door';
import { isSignOnDue, ToldOffsets } from './told-offsets';
import { Uploads } from './uploads';

const MOST_BYTES = 1024 * 1024;

/** Tables without punches, whose content attendance has no business to keep. Any other one may hold punches (rtlog, tabledata) and is refused, since a terminal deletes what was answered with OK. */
const unreadTables = new Set(
  'OPERLOG ATTPHOTO BIOPHOTO BIODATA USERINFO USERPIC FINGERTMP FACE ERRORLOG IDCARD OPTIONS'.split(' '),
);

/** What the routes of the protocol have in common: no token, plain text, and a serial number. */
const TerminalRoute = (summary: string, description: string, example: string) =>
  applyDecorators(
    Public(),
    HttpCode(200),
    Header('content-type', 'text/plain; charset=utf-8'),
    ApiProduces('text/plain'),
    ApiOperation({ summary, description }),
    ApiQuery({ name: 'SN', schema: { type: 'string' }, description: 'Serial number of the terminal.' }),
    ApiOkResponse({ description: 'Plain text', schema: { type: 'string', example } }),
    ApiForbiddenResponse({
      description: 'Not registered, suspended, wrong secret or network: it keeps what it has to tell',
    }),
  );

const Upload = () =>
  applyDecorators(
    StreamedBody(),
    ApiConsumes('text/plain'),
    ApiBody({ schema: { type: 'string', example: '42\t2026-03-28 09:00:00\t0\t1\t0\t0\t0\n' } }),
  );

const Table = () =>
  ApiQuery({ name: 'table', required: false, schema: { type: 'string' }, description: 'ATTLOG: punches.' });

/** The push protocol of ZKTeco terminals (ADMS), as far as attendance needs it. docs/terminals.md tells it as a conversation. */
@ApiTags('terminals')
@Controller(['iclock', 'iclock/:secret'])
export class TerminalController {
  constructor(
    private readonly door: TerminalDoor,
    private readonly uploads: Uploads,
    private readonly offsets: ToldOffsets,
    private readonly work: UnitOfWork,
  ) {}

  @Get('cdata')
  @TerminalRoute(
    'A terminal signs on',
    'Answers how often it is to call, how far it has sent, and the offset of its own zone.',
    'GET OPTION FROM: CKJN201960123\r\nATTLOGStamp=0\r\n',
  )
  async signOn(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { tenantId, device } = await this.door.admit(request, secret);
    const offset = offsetOf(device, new Date());
    await this.work.write(tenantId, (tx) => this.offsets.told(tx, tenantId, device.id, offset));
    return handshake(device, offset);
  }

  @Post('cdata')
  @TerminalRoute(
    'A terminal tells punches',
    'Every line of an ATTLOG upload is recorded, recognised as one told before, or kept for an operator (`GET /api/devices/rejects`); the answer counts them all, once they are committed. ' +
      'Users, fingerprints and photographs are let pass unread; any other table is refused, so that the terminal keeps it.',
    'OK: 1',
  )
  @Table()
  @Upload()
  @Audited('punch', 'create')
  @NoReplay('a terminal knows no keys; a line sent again is recognised by device, person, instant and type')
  async tell(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { tenantId, device, principal } = await this.door.admit(request, secret);
    const table = (parameterOf(request, 'table') ?? '').toUpperCase();
    if (table !== 'ATTLOG') {
      await discard(request.body);
      if (unreadTables.has(table)) return 'OK';
      throw new Problem('unsupported_media_type', 'table: this table is not read. Set the terminal to send ATTLOG.');
    }
    const lines = linesOf(await readText(request.body, MOST_BYTES));
    const now = new Date();
    const by = { tenantId, actor: principal, requestId: request.id, ip: clientAddress(request) };
    const context = { ...by, path: pathOf(request.url), evidence: evidenceOf({ entity: 'punch' }, by) };
    await this.uploads.record(context, device, lines, { stamp: parameterOf(request, 'Stamp'), now });
    return `OK: ${lines.length}`;
  }

  @Get('getrequest')
  @TerminalRoute(
    'A terminal asks for commands',
    'There is one: to sign on anew (`C:…:CHECK`), shortly before and after a change of the clock and when its clock is in doubt. Otherwise `OK`.',
    'OK',
  )
  async poll(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { tenantId, device } = await this.door.admit(request, secret);
    const told = await this.work.read(tenantId, (tx) => this.offsets.of(tx, tenantId, device.id));
    const now = new Date();
    return isSignOnDue(device, told.at(-1), now) ? signOnCommand(now) : 'OK';
  }

  @Post('devicecmd')
  @TerminalRoute('A terminal tells how a command went', 'It is let pass unread: a sign-on is seen when it comes.', 'OK')
  @Upload()
  async commandDone(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    await this.door.admit(request, secret);
    await discard(request.body);
    return 'OK';
  }
}
