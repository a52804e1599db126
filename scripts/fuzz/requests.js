// Requests for fuzzing: each is what an operation asks for, with a place or two of it made hostile.
const fc = require('fast-check');
const { fittingIn, hostile, pickFrom } = require('./values');

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const malformed = ['%', '%zz', '%ff', '%C0%80', '%ED%A0%80', '%00', '+', '&&', '%2F..%2F'];
const headers = [
  ...['application/json; charset=utf-16', 'text/csv', 'multipart/form-data', ';', 'x'.repeat(300)].map((type) => [
    'content-type',
    type,
  ]),
  ...['text/html', 'q=2', '*/*;q=0', ','.repeat(500)].map((type) => ['accept', type]),
  ...['Bearer', 'Bearer e30.e30.e30', `Bearer ${'a'.repeat(3_000)}`, 'Basic Og==', '\u00e9'].map((token) => [
    'authorization',
    token,
  ]),
  ...['x', '1.2.3.4:99999', ','.repeat(200)].map((address) => ['x-forwarded-for', address]),
  ...[
    ['content-encoding', 'gzip'],
    ['x-request-id', '\u00ff'.repeat(90)],
    ['origin', 'null'],
    ['expect', 'x'],
    ['range', 'bytes=9-1'],
  ],
];
const fileHeads = [
  '',
  '\ufeff',
  'PK\u0003\u0004',
  '\u00ff\u00fe',
  '{"a":',
  '<?xml version="1.0"?>',
  'employeeNumber,type,timestamp\n0100,in,2026-03-03T08:00:00Z\n',
  'Employee,Date,In,Out,Break\n',
];

const plainCells = ['0', '1', '100', '2026-11-03 08:00:00', '2026-11-03', '17:00', 'in', 'Ada'];

/** Replaces, drops or adds something at a random place of a value made of objects and lists. */
function spoil(g, value) {
  if (typeof value !== 'object' || value === null || g(fc.integer, { min: 0, max: 9 }) === 0) return hostile(g, value);
  const names = Object.keys(value);
  const name = names.length > 0 ? pickFrom(g, names) : 'extra';
  const copy = Array.isArray(value) ? [...value] : { ...value };
  const turn = g(fc.integer, { min: 0, max: 9 });
  if (turn === 0) delete copy[name];
  else if (turn === 1 && Array.isArray(copy)) copy.push(...copy);
  else if (turn === 1) copy[g(fc.constantFrom, 'extra', '__proto__', '', '\ud800')] = hostile(g);
  else copy[name] = spoil(g, copy[name]);
  return copy;
}

/** A parameter's value as it stands in an address; JavaScript cannot encode half a character. */
const encoded = (value) =>
  Array.from(typeof value === 'object' ? JSON.stringify(value) : String(value), (letter) =>
    /\p{Surrogate}/u.test(letter) ? '%ED%A0%80' : encodeURIComponent(letter),
  ).join('');

/** What Node lets into a header. */
const headerValue = (value) =>
  String(value)
    .replaceAll(/[^\t\x20-\x7e\xa0-\xff]/g, '')
    .slice(0, 5_000);

/** How to make requests for the operations of a document, about things that exist; `known` are arguments by name. */
function requestsFor(document, ids, known) {
  const { fitting, resolved } = fittingIn(document, ids);
  const chance = (g, percent) => g(fc.nat, { max: 99 }) < percent;
  const referenced = (parameter) =>
    parameter.$ref ? document.components.parameters[parameter.$ref.split('/').pop()] : parameter;

  /** How likely an argument is given that need not be. Nobody makes up a cursor or a digest that fits. */
  const likelihood = { cursor: 0, 'content-digest': 0, 'Idempotency-Key': 100, 'If-Match': 30 };

  function argument(g, { name, schema, example }, path, isSpoilt) {
    const right = example !== undefined && chance(g, 60) ? example : fitting(g, schema, { name, path });
    if (isSpoilt) return hostile(g, right);
    if (known[name]) return pickFrom(g, known[name]);
    if (name === 'If-Match') return `"${g(fc.integer, { min: 1, max: 2 })}"`;
    return right;
  }

  function json(g, schema, path, isSpoilt) {
    const { example } = resolved(schema);
    const living = (name, value) => (typeof value === 'string' && uuid.test(value) ? ids.draw(g, name, path) : value);
    let value =
      example !== undefined && chance(g, 70)
        ? JSON.parse(JSON.stringify(example), living)
        : fitting(g, schema, { path });
    if (isSpoilt) for (let turns = g(fc.constantFrom, 1, 1, 2); turns > 0; turns--) value = spoil(g, value);
    const text = JSON.stringify(value);
    return isSpoilt && chance(g, 4) ? text.slice(0, g(fc.nat, { max: text.length })) : text;
  }

  /** Lines of a terminal or a file. */
  function lines(g) {
    const separator = g(fc.constantFrom, '\t', ',', ';', '\u0000');
    const cells = () =>
      Array.from({ length: g(fc.integer, { min: 1, max: 7 }) }, () =>
        String(chance(g, 40) ? hostile(g) : pickFrom(g, plainCells)),
      ).join(separator);
    return (
      g(fc.constantFrom, ...fileHeads) + Array.from({ length: g(fc.constantFrom, 0, 0, 1, 3, 5) }, cells).join('\n')
    );
  }

  function bodyOf(g, { requestBody }, path, isSpoilt) {
    const [[type, { schema }] = ['none', {}]] = Object.entries(requestBody?.content ?? {});
    if (type === 'none') return isSpoilt ? { type: 'application/json', text: JSON.stringify(hostile(g)) } : undefined;
    if (type === 'application/json') return { type, text: json(g, schema, path, isSpoilt) };
    return { type: isSpoilt ? g(fc.constantFrom, type, 'text/csv', 'text/plain') : type, text: lines(g) };
  }

  /** One request; `g` decides. One place of it is hostile, two, or none: then it may get far. */
  return (g, { method, path, operation }) => {
    const request = { method, path, headers: {}, body: undefined };
    const parameters = (operation.parameters ?? []).map(referenced);
    const places = [...parameters.map(({ name }) => name), 'body', 'body', 'body', 'a header', 'the query'];
    const spoilt = new Set(Array.from({ length: g(fc.constantFrom, 0, 0, 1, 1, 1, 2) }, () => pickFrom(g, places)));
    const query = [];
    for (const parameter of parameters) {
      const { name, in: place, required } = parameter;
      if (!spoilt.has(name) && !chance(g, likelihood[name] ?? (required ? 100 : 25))) continue;
      const value = argument(g, parameter, path, spoilt.has(name));
      const inAddress = spoilt.has(name) && chance(g, 15) ? pickFrom(g, malformed) : encoded(value);
      if (place === 'path') request.path = request.path.replace(`{${name}}`, () => inAddress);
      else if (place === 'query') query.push(`${name}=${inAddress}`);
      else request.headers[name.toLowerCase()] = headerValue(value);
    }
    if (spoilt.has('the query'))
      query.push(`${g(fc.constantFrom, 'extra', '__proto__', 'limit')}=${encoded(hostile(g))}`);
    if (query.length > 0) request.path += `?${query.join('&')}`;
    const body = bodyOf(g, operation, path, spoilt.has('body'));
    if (body) {
      request.headers['content-type'] ??= body.type;
      request.body = body.text;
    }
    if (spoilt.has('a header')) Object.assign(request.headers, Object.fromEntries([pickFrom(g, headers)]));
    return request;
  };
}

module.exports = { requestsFor };
