// Values for fuzzing: what a schema of the OpenAPI document asks for, and what nobody should send.
const fc = require('fast-check');

const texts = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udfff',
    '\u202e\ufeff',
    '💥',
    'é',
    '%',
    '_',
    '\\',
    "';--",
    '${x}',
    '__proto__',
  ],
  ...['a'.repeat(5_000), '💥'.repeat(2_000), '9'.repeat(400), '-'.repeat(300), ','.repeat(3_000), '\n'.repeat(500)],
  ...[
    'null',
    'true',
    'NaN',
    'Infinity',
    '-0',
    '1e400',
    '0x10',
    '9223372036854775808',
    '-2147483649',
    '00000000000000000000',
  ],
  ...[
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
    '0.0.0.0/33',
    '::/129',
    '::ffff:1.2.3.4',
  ],
  ...[
    'Europe/Berlin',
    'Pacific/Apia',
    'Etc/GMT+14',
    '+25:00',
    'FREQ=DAILY',
    '(a+)+$',
    '[',
    '=1+1',
    'a@b',
    'eyJhIjoxfQ.e30.x',
  ],
];
const dates = [
  ...[
    '0000-01-01',
    '0001-01-01',
    '-000001-01-01',
    '1899-12-31',
    '1900-01-01',
    '1970-01-01',
    '2026-02-30',
    '2024-02-29',
  ],
  ...[
    '2026-03-29',
    '2200-12-31',
    '2201-01-01',
    '9999-12-31',
    '10000-01-01',
    '+275760-09-14',
    '2026-13-01',
    '2026-W10-1',
  ],
];
const times = [
  'T00:00:00Z',
  'T23:59:59.999999999Z',
  'T24:00:00Z',
  'T02:30:00+01:00',
  'T00:00:00+14:00',
  'T23:59:60-12:00',
  'T10:00:00+14:01',
  'T10:00:00-15:59',
  'T10:00:00+16:00',
  'T10:00:00-23:59',
  `T10:00:00.${'0'.repeat(200)}Z`,
];
const offClock = ['T00:00:00+18:00', 'T12:00:00-23:59', 'T12:00', 'T25:00:00Z', 't12:00:00z', '', ' 08:00'];
const clocks = ['00:00', '24:00', '23:59:59', '24:00:01', '-1:00', '8.30', '99:99', '00:00-24:00', '22:00-06:00'];
const numbers = [0, -0, -1, 1, 0.1, 1e-7, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, 1e16, 1e21, 1e308, -1e308];
const nested = (depth) => Array.from({ length: depth }).reduce((inner, _, n) => (n % 2 ? [inner] : { a: inner }), 1);
const others = [null, true, false, [], {}, [null], [[]], { a: 1 }, { constructor: {} }, nested(12), nested(60)];

const instants = dates.flatMap((date) => [...times, ...offClock].map((time) => date + time));

/** Something that its reader may not have thought of: mostly of the kind of what would be right, such as a date without a year. */
function hostile(g, right) {
  const kinds = [texts, texts, dates, instants, clocks, numbers, others];
  const own = kindOf(right);
  const kind = own && g(fc.nat, { max: 9 }) < 7 ? own : pickFrom(g, kinds);
  return pickFrom(g, kind);
}

function kindOf(right) {
  if (typeof right === 'number') return numbers;
  if (typeof right !== 'string') return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(right)) return dates;
  if (/^\d{4}-\d\d-\d\d[T ]/.test(right)) return instants;
  return /^\d{1,2}:\d\d/.test(right) ? clocks : undefined;
}

const pickFrom = (g, list) => list[g(fc.nat, { max: list.length - 1 })];

/** The ids of what exists, by where they were seen. Whoever fuzzes is left out, or they would end their own rights. */
class Ids {
  constructor(own) {
    this.own = own;
    this.seen = new Map();
  }

  learn(path, text) {
    const place = collectionOf(path);
    const list = this.seen.get(place) ?? [];
    this.seen.set(place, list);
    for (const [id] of text.slice(0, 20_000).matchAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)) {
      if (this.own.includes(id) || list.includes(id)) continue;
      if (list.length < 100) list.push(id);
      else list[parseInt(id.slice(-4), 16) % 100] = id;
    }
  }

  /** Mostly one that a parameter or a member of this name stands for; now and then any. */
  draw(g, name, path = '') {
    const place = /^(?:employee|user)Ids?$/.test(name) ? '/api/users' : collectionOf(path);
    const near = this.seen.get(place) ?? this.under(place.slice(0, place.lastIndexOf('/') + 1));
    const list = near.length > 0 && g(fc.nat, { max: 9 }) > 0 ? near : [...this.seen.values()].flat();
    return list.length > 0 ? pickFrom(g, list) : g(fc.uuid);
  }

  under(folder) {
    return [...this.seen].flatMap(([place, ids]) => (folder.length > 1 && place.startsWith(folder) ? ids : []));
  }
}

const collectionOf = (path) => path.split(/\/\{|\?/, 1)[0];

/** A text of a schema: an id that exists, a date of these years, or letters. */
function textOf(g, schema, name, ids, path) {
  if (schema.format === 'uuid') return ids.draw(g, name, path);
  const day = new Date(Date.now() + g(fc.integer, { min: -40, max: 40 }) * 86_400_000).toISOString();
  if (schema.format === 'date') return day.slice(0, 10);
  if (schema.format === 'date-time') return day;
  const { minLength = 0, maxLength = 20 } = schema;
  if (schema.pattern) {
    try {
      return g(fc.stringMatching, new RegExp(schema.pattern, 'u')).slice(0, maxLength);
    } catch {
      return pickFrom(g, clocks); // fast-check makes no text for every pattern
    }
  }
  return g(fc.string, { unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 20) });
}

/** Makes values that fit the schemas of a document, with ids of things that exist. */
function fittingIn(document, ids) {
  const resolved = (schema) =>
    schema?.$ref ? resolved(document.components.schemas[schema.$ref.split('/').pop()]) : (schema ?? {});

  function numberOf(g, { type, minimum = -10, maximum = minimum + 10_000 }) {
    const range = { min: Math.ceil(minimum), max: Math.floor(Math.min(maximum, minimum + 1e9)) };
    return type === 'integer' || g(fc.boolean) ? g(fc.integer, range) : g(fc.double, { ...range, noNaN: true });
  }

  function fitting(g, asked, { name = '', path, depth = 0 } = {}) {
    const deeper = { name, path, depth: depth + 1 };
    const schema = resolved(asked);
    if ('const' in schema) return schema.const;
    if (schema.enum) return pickFrom(g, schema.enum);
    if (schema.default !== undefined && g(fc.boolean)) return schema.default;
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => fitting(g, part, deeper)));
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return fitting(g, pickFrom(g, choices), deeper);
    if (schema.type === 'object') return objectOf(g, schema, deeper);
    if (schema.type === 'array') {
      const { minItems = 0, maxItems = 3 } = schema;
      const length = g(fc.integer, { min: minItems, max: Math.min(maxItems, minItems + 3) });
      return Array.from({ length }, () => fitting(g, schema.items, deeper));
    }
    if (schema.type === 'integer' || schema.type === 'number') return numberOf(g, schema);
    if (schema.type === 'boolean') return g(fc.boolean);
    return schema.type === 'string' ? textOf(g, schema, name, ids, path) : hostile(g);
  }

  function objectOf(g, { properties = {}, required = [], additionalProperties }, context) {
    const made = {};
    for (const [name, property] of Object.entries(properties)) {
      if (required.includes(name) || (context.depth < 6 && g(fc.boolean)))
        made[name] = fitting(g, property, { ...context, name });
    }
    if (typeof additionalProperties === 'object' && g(fc.boolean))
      made.extra = fitting(g, additionalProperties, context);
    return made;
  }

  return { fitting, resolved };
}

module.exports = { Ids, fittingIn, hostile, pickFrom };
