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
import { Audited } from '../../audit/ledger/audited.decorator';
import { auditBatchBuilder } from '../../audit/ledger/audit-batch';
import { Public } from '../../auth/access.decorators';
import { UnitOfWork } from '../../database/unit-of-work';
import { clientAddress, pathOf } from '../../http/request/request-target';
import { discard, readText, StreamedBody } from '../../http/body/streamed-body';
import { NoReplay } from '../../idempotency/no-replay.decorator';
import { accessClock, accessOptions, registryCode } from './access-handshake';
import { namesNobody } from './access-lines';
import { uploadedLines } from './attlog-lines';
import { handshake, offsetOf, signOnCommand } from './handshake';
import { kindOfTable } from './tables';
import { parameterOf, DeviceAuthentication } from './device-authentication';
import { isSignOnDue, AnnouncedOffsets } from './announced-offsets';
import { UnreadTables } from './unread-tables';
import { Uploads } from './uploads';

const MOST_BYTES = 1024 * 1024;

/** Older firmware, and that of some resellers, puts the ending of a page of ASP.NET behind every call. */
const calls = (name: string) => [name, `${name}.aspx`];

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
  applyDecorators(
    ApiQuery({ name: 'table', required: false, schema: { type: 'string' }, description: 'ATTLOG, rtlog: punches.' }),
    ApiQuery({
      name: 'tablename',
      required: false,
      schema: { type: 'string' },
      description: 'Of the table tabledata; transaction: punches.',
    }),
  );

/** The push protocol of ZKTeco terminals (ADMS), as far as attendance needs it. docs/terminals.md tells it as a conversation. */
@ApiTags('terminals')
@Controller(['iclock', 'iclock/:secret'])
export class TerminalController {
  constructor(
    private readonly door: DeviceAuthentication,
    private readonly uploads: Uploads,
    private readonly unread: UnreadTables,
    private readonly offsets: AnnouncedOffsets,
    private readonly work: UnitOfWork,
  ) {}

  @Get(calls('cdata'))
  @TerminalRoute(
    'A terminal signs on',
    'Answers how often it is to call, how far it has sent, and the offset of its own zone.',
    'GET OPTION FROM: CKJN201960123\r\nATTLOGStamp=0\r\n',
  )
  async signOn(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { tenantId, device } = await this.door.admit(request, secret);
    const offset = offsetOf(device, new Date());
    await this.work.write(tenantId, (tx) => this.offsets.announced(tx, tenantId, device.id, offset));
    return parameterOf(request, 'DeviceType') === 'acc' ? accessOptions(device) : handshake(device, offset);
  }

  @Post([...calls('cdata'), ...calls('querydata')])
  @TerminalRoute(
    'A terminal tells punches',
    'Every line of ATTLOG, and every one of `rtlog` and `transaction` that is of somebody, is recorded, recognised as a duplicate, or kept for an operator (`GET /api/devices/rejects`); the answer counts them all, once they are committed. ' +
      'Users, fingerprints, photographs and the state of doors are let pass unread. Any other table is kept for an operator, or refused with 415, so that the terminal keeps it.',
    'OK: 1',
  )
  @Table()
  @Upload()
  @Audited('punch', 'create')
  @NoReplay('a terminal knows no keys; a line sent again is recognised by device, person, instant and type')
  async tell(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { tenantId, device, principal } = await this.door.admit(request, secret);
    const table = parameterOf(request, 'table') ?? parameterOf(request, 'type') ?? '';
    const name = parameterOf(request, 'tablename') ?? '';
    const kind = kindOfTable(table, name);
    if (kind === 'unread') {
      await discard(request.body);
      return 'OK';
    }
    if (kind === 'unknown')
      return `OK: ${await this.unread.keep(tenantId, device, `${table} ${name}`.trim(), request.body)}`;
    const sent = uploadedLines(await readText(request.body, MOST_BYTES));
    const lines = table.toUpperCase() === 'ATTLOG' ? sent : sent.filter((text) => !namesNobody(text));
    const now = new Date();
    const by = { tenantId, actor: principal, requestId: request.id, ip: clientAddress(request) };
    const context = { ...by, path: pathOf(request.url), buildAuditBatch: auditBatchBuilder({ entity: 'punch' }, by) };
    await this.uploads.record(context, device, lines, { stamp: parameterOf(request, 'Stamp'), now });
    return `OK: ${sent.length}`;
  }

  @Get(calls('getrequest'))
  @TerminalRoute(
    'A terminal asks for commands',
    'There is one: to sign on anew (`C:…:CHECK`), shortly before and after a change of the clock and when its clock is in doubt. Otherwise `OK`.',
    'OK',
  )
  async poll(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { tenantId, device } = await this.door.admit(request, secret);
    const offsets = await this.work.read(tenantId, (tx) => this.offsets.of(tx, tenantId, device.id));
    const now = new Date();
    return isSignOnDue(device, offsets.at(-1), now) ? signOnCommand(now) : 'OK';
  }

  @Get(calls('rtdata'))
  @TerminalRoute(
    'A terminal of access control asks for the time',
    'The time of now by UTC as such firmware counts it, and the offset of its own zone.',
    'DateTime=862304400,ServerTZ=+0100',
  )
  async clock(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { tenantId, device } = await this.door.admit(request, secret);
    const now = new Date();
    const offset = offsetOf(device, now);
    await this.work.write(tenantId, (tx) => this.offsets.announced(tx, tenantId, device.id, offset));
    return accessClock(now, offset);
  }

  @Get(calls('ping'))
  @TerminalRoute('A terminal says that it is there', 'That it called is noted.', 'OK')
  async ping(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    await this.door.admit(request, secret);
    return 'OK';
  }

  @Post(calls('registry'))
  @TerminalRoute(
    'A terminal of access control says what it can do',
    'That is let pass unread, since nothing of it is asked for. The answer holds its code, which opens nothing.',
    'RegistryCode=4f1c02b7a9d35e60',
  )
  @Upload()
  async register(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { device } = await this.door.admit(request, secret);
    await discard(request.body);
    return registryCode(device);
  }

  @Post(calls('push'))
  @TerminalRoute(
    'A terminal of access control asks how to call',
    'How often, and of which tables: events at its doors, and no users.',
    'registry=ok\r\nRegistryCode=4f1c02b7a9d35e60\r\n',
  )
  @Upload()
  async configure(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    const { device } = await this.door.admit(request, secret);
    await discard(request.body);
    return accessOptions(device);
  }

  @Post(calls('devicecmd'))
  @TerminalRoute('A terminal tells how a command went', 'It is let pass unread: a sign-on is seen when it comes.', 'OK')
  @Upload()
  async commandDone(@Req() request: FastifyRequest, @Param('secret') secret?: string): Promise<string> {
    await this.door.admit(request, secret);
    await discard(request.body);
    return 'OK';
  }
}
