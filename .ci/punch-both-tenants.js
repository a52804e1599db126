// node .ci/punch-both-tenants.js URL PASSWORD: 100 keyed punches in each demo tenant, eight at a time, each sent twice.
// Fails unless every second answer is the first one, and each tenant lists exactly its own hundred.
const assert = require('node:assert/strict');
const [url, password] = process.argv.slice(2);

async function call(path, token, body, key) {
  const response = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...(key ? { 'idempotency-key': key } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  assert(response.ok, `${path} answered ${response.status}: ${text}`);
  return { text, body: JSON.parse(text), replayed: response.headers.get('idempotent-replayed') === 'true' };
}

async function punch(tenant, index) {
  const timestamp = new Date(tenant.start + index * 60_000).toISOString();
  const told = { employeeId: tenant.employeeId, type: index % 2 ? 'out' : 'in', timestamp, source: 'terminal' };
  const first = await call('/api/punches', tenant.token, told, `${tenant.run}-${index}`);
  const second = await call('/api/punches', tenant.token, told, `${tenant.run}-${index}`);
  assert.equal(second.text, first.text);
  assert(second.replayed && !first.replayed);
  return first.body.id;
}

async function signIn(slug) {
  const { body } = await call('/api/auth/login', undefined, { email: `admin@${slug}.test`, password });
  const people = (await call('/api/users?limit=200', body.token)).body.data;
  const employee = people.find(({ email }) => email === `employee@${slug}.test`);
  return { token: body.token, employeeId: employee.id, start: Date.now() - 86_400_000, run: `${slug}-${Date.now()}` };
}

async function main() {
  const tenants = await Promise.all(['acme', 'globex'].map(signIn));
  const work = tenants.flatMap((tenant) => Array.from({ length: 100 }, (_, index) => ({ tenant, index })));
  const made = new Map(tenants.map((tenant) => [tenant, []]));
  const worker = async () => {
    for (let next = work.pop(); next; next = work.pop())
      made.get(next.tenant).push(await punch(next.tenant, next.index));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  for (const [{ token, employeeId, start }, ids] of made) {
    const from = encodeURIComponent(new Date(start).toISOString());
    const listed = (await call(`/api/punches?limit=200&employeeId=${employeeId}&from=${from}`, token)).body.data;
    assert.deepEqual(listed.map(({ id }) => id).sort(), ids.sort());
  }
}

void main();
