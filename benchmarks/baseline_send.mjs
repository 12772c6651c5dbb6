// The baseline's notification worker with a full queue: how many messages a second does one process hand to the provider?
// Run beside the baseline's own files: node baseline_send.mjs send --messages 5000 --provider-latency 0 --concurrency 32
import { fork } from 'node:child_process';
import { parseArgs } from 'node:util';
import { openWorkflow } from './workflow.mjs';

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    messages: { type: 'string', default: '5000' },
    'provider-latency': { type: 'string', default: '0' },
    concurrency: { type: 'string', default: '32' },
  },
});
const count = Number(values.messages);
const concurrency = Number(values.concurrency);
const latency = Number(values['provider-latency']);

const provider = fork('./provider.mjs', ['--latency', String(latency)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
const providerUrl = await new Promise((done) => provider.on('message', (said) => said.url && done(said.url)));
const asked = async (path) => (await fetch(providerUrl + path)).json();

const workflow = openWorkflow({ providerUrl, notificationConcurrency: concurrency });
await workflow.queues.notification.obliterate({ force: true });
const jobs = Array.from({ length: count }, (_, n) => ({
  name: 'send-slot-available',
  data: {
    waitlistId: n, customerId: n, customerPhone: '+4740000000', customerName: 'Kari Nordmann', salonId: n % 50,
    slotDetails: {
      id: n, startsAt: '2030-01-01T08:00:00Z', endsAt: '2030-01-01T08:30:00Z', masterName: 'Master 1',
      serviceName: 'Haircut', duration: 30, price: 65000,
    },
    notificationType: 'slot_available',
  },
  opts: { priority: 10 },
}));
for (let from = 0; from < count; from += 1000) await workflow.queues.notification.addBulk(jobs.slice(from, from + 1000));

await workflow.startWorkers();
const end = Date.now() + Math.max(50_000, count * 10);
let there = 0;
while ((there = (await asked('/count')).count) < count && Date.now() < end) {
  await new Promise((done) => setTimeout(done, 20));
}
const times = (await asked('/log')).map(({ wall_ms }) => wall_ms).sort((one, other) => one - other);
const seconds = (times.at(-1) - times[0]) / 1000;
process.stdout.write(JSON.stringify({
  params: { messages: count, provider_latency_ms: latency, concurrency },
  complete: there >= count,
  messages: times.length,
  messages_per_s: Math.round(times.length / seconds),
}) + '\n');
provider.kill();
process.exit(0);
