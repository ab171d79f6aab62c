// One cell of the benchmark with the official TypeScript S3 driver: fresh, repeated, retrieve.
//
// usage: node s3.js SIZE BATCH CALLS, where the packages of package.json are installed beside it, with the server and
// credentials in the vendor's usual variables.
//
// Each phase is one line of JSON, with the names that all clients of the benchmark use. What happens between the
// calls is not measured.
const crypto = require('node:crypto');
const { S3Client } = require('@aws-sdk/client-s3');
const { S3StorageDriver } = require('@temporalio/external-storage-s3');
const { AwsSdkS3StorageDriverClient } = require('@temporalio/external-storage-s3-aws-sdk');

const [size, batch, calls] = process.argv.slice(2).map(Number);
const payload = (bytes) => ({ metadata: { encoding: Buffer.from('binary/plain') }, data: crypto.randomBytes(bytes) });
const payloads = (bytes) => Array.from({ length: batch }, () => payload(bytes));

// How many requests the server has seen.
async function requests() {
  const answer = await fetch(process.env.AWS_ENDPOINT_URL + '/-/counts');
  return Object.values(await answer.json()).reduce((sum, count) => sum + count, 0);
}

function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
}

async function measure(phase, work) {
  const before = await requests();
  const times = [];
  let cpu = 0;
  for (const call of work) {
    const cpuBefore = process.cpuUsage();
    const started = process.hrtime.bigint();
    await call();
    times.push(Number(process.hrtime.bigint() - started) / 1e6);
    const used = process.cpuUsage(cpuBefore);
    cpu += (used.user + used.system) / 1e3;
  }
  const count = times.length * batch;
  const wall = times.reduce((sum, time) => sum + time, 0);
  console.log(JSON.stringify({
    client: 'typescript', phase, size, batch, calls: times.length,
    mb_s: (count * size) / 1e3 / wall,
    p50_ms: percentile(times, 50), p99_ms: percentile(times, 99),
    cpu_ms: cpu / count,
    requests: ((await requests()) - before) / count,
    peak_mib: process.resourceUsage().maxRSS / 1024,
  }));
}

async function main() {
  const client = new S3Client({ forcePathStyle: true });
  const driver = new S3StorageDriver({ client: new AwsSdkS3StorageDriverClient(client), bucket: 'bench' });
  const context = { target: { kind: 'workflow', namespace: 'default', type: 'bench', id: 'b-' + process.pid, runId: 'r' } };
  // Connections and lazily built tables are there before the first measured call.
  await driver.store(context, payloads(1000));
  let first = payloads(size);
  const stored = [];
  await measure('fresh', (function* () {
    for (let number = 0; number < calls; number++) {
      const fresh = number === 0 ? first : payloads(size);
      yield async () => stored.push(await driver.store(context, fresh));
    }
  })());
  await measure('repeated', (function* () {
    for (let number = 0; number < Math.max(calls, 3); number++) yield () => driver.store(context, first);
  })());
  first = null;
  await measure('retrieve', (function* () {
    for (const claims of stored) yield () => driver.retrieve({}, claims);
  })());
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
