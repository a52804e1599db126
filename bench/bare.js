// The other reference: a Fastify server that parses the same body and answers it, with nothing behind it.
const { fastify } = require('fastify');
const server = fastify({ logger: false });
server.post('/api/punches', (request, reply) => {
  reply.code(201).send({ id: '01a1fb1b-5a61-773a-9e06-c19b6cdb69ac', ...request.body });
});
server.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
process.on('SIGTERM', () => process.exit(0));
