import { Cursors, type CursorScope } from './cursor';

const cursors = new Cursors(Buffer.alloc(32, 7));
const scope: CursorScope = { tenantId: 'a', route: '/api/punches', filters: { employeeId: '1', from: undefined } };

describe('a cursor', () => {
  const cursor = cursors.encode(scope, ['2026-03-29T01:30:00Z', 'id', 3]);

  it('leads back to its position, whatever the order of the filters', () => {
    expect(cursors.decode({ ...scope, filters: { employeeId: '1' } }, cursor)).toEqual([
      '2026-03-29T01:30:00Z',
      'id',
      3,
    ]);
    const two = cursors.encode({ ...scope, filters: { a: 1, b: 2 } }, ['x']);
    expect(cursors.decode({ ...scope, filters: { b: 2, a: 1 } }, two)).toEqual(['x']);
  });

  it('AUD-27 is refused when a single character is another', () => {
    for (let at = 0; at < cursor.length; at++)
      for (const other of ['A', 'B', '.', '='])
        if (cursor[at] !== other)
          expect(() => cursors.decode(scope, cursor.slice(0, at) + other + cursor.slice(at + 1))).toThrow('cursor');
    for (const text of ['', '.', '..', 'é', `${cursor}.`, `${cursor}A`, cursor.slice(0, -1)])
      expect(() => cursors.decode(scope, text)).toThrow('cursor');
  });

  it('AUD-27 belongs to one tenant, one route, one set of filters and one deployment', () => {
    expect(() => cursors.decode({ ...scope, tenantId: 'b' }, cursor)).toThrow('cursor');
    expect(() => cursors.decode({ ...scope, route: '/api/users' }, cursor)).toThrow('cursor');
    expect(() => cursors.decode({ ...scope, filters: { employeeId: '2' } }, cursor)).toThrow('cursor');
    expect(() => new Cursors(Buffer.alloc(32, 8)).decode(scope, cursor)).toThrow('cursor');
  });
});
