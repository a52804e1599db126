import type { IncomingMessage } from 'node:http';
import { causeForLog, toProblem } from '../problems/failures';
import { accepts } from '../request/negotiation';
import { requestIdOf } from '../request/request-id';
import { pathOf } from '../request/request-target';
import { RouteMethods } from '../routes/route-methods';

const withHeaders = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;

describe('what is read off a request', () => {
  it('takes a sane id and makes one otherwise', () => {
    expect(requestIdOf(withHeaders({ 'x-request-id': 'a.B_c-1' }))).toBe('a.B_c-1');
    expect(requestIdOf(withHeaders({ 'x-correlation-id': 'trace-1' }))).toBe('trace-1');
    for (const id of ['', 'a b', 'a,b', 'x'.repeat(129), 'é', '<script>'])
      expect(requestIdOf(withHeaders({ 'x-request-id': id }))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('finds the path in every form of a target', () => {
    expect(pathOf('/a/b?c=d')).toBe('/a/b');
    expect(pathOf('/a?x=/b#y')).toBe('/a');
    expect(pathOf('http://host:1/a?b')).toBe('/a');
    expect(pathOf('http://host')).toBe('/');
  });

  it('reads Accept by its most precise range', () => {
    const json = ['application/json'];
    for (const accept of [
      undefined,
      '',
      '*/*',
      'application/json',
      'text/html, */*;q=0.1',
      'application/*',
      'APPLICATION/JSON; q=0.5',
    ])
      expect([accept, accepts(accept, json)]).toEqual([accept, true]);
    for (const accept of ['text/html', 'application/xml', '*/*, application/json;q=0', 'application/json;q=0.000'])
      expect([accept, accepts(accept, json)]).toEqual([accept, false]);
    expect(accepts('text/csv', ['text/csv', 'application/json'])).toBe(true);
  });

  it('CON-06 knows the methods of a path', () => {
    const routes = new RouteMethods();
    routes.add(['GET', 'HEAD'], '/a/:id');
    routes.add('POST', '/a');
    expect(routes.of('/a/1')).toEqual(['GET', 'HEAD', 'OPTIONS']);
    expect(routes.of('/a')).toEqual(['POST', 'OPTIONS']);
    for (const path of ['/', '/a/', '/A', '/a/1/2', '//a', '/%zz', '*']) expect(routes.of(path)).toEqual([]);
  });
});

describe('what is said of a failure', () => {
  const ofDatabase = Object.assign(new Error('duplicate key (email)=(a@b.test)'), { severity: 'ERROR', code: '23505' });

  it('is nothing of its own words to the caller', () => {
    expect(toProblem(ofDatabase)).toMatchObject({
      code: 'internal_error',
      detail: 'Something went wrong on our side.',
    });
    expect(toProblem(Object.assign(new Error('x'), { statusCode: 404 }))).toMatchObject({ code: 'internal_error' });
    expect(toProblem('a string')).toMatchObject({ code: 'internal_error' });
  });

  it('is no value of a row to the log', () => {
    expect(JSON.stringify(causeForLog(ofDatabase))).not.toContain('a@b.test');
    expect(causeForLog(ofDatabase).summary).toBe('SQLSTATE 23505');
    expect(causeForLog(new TypeError('x')).stack).toMatch(/^TypeError: x\n\s+at /);
  });
});
