/**
 * The peer of the interop run in the TypeScript SDK: a worker, and a client that obeys lines of JSON.
 *
 * See ../../README.md for the command line and the commands.
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { Client, Connection } from '@temporalio/client';
import { ExternalStorage, type DataConverter } from '@temporalio/common';
import { S3StorageDriver } from '@temporalio/external-storage-s3';
import { AwsSdkS3StorageDriverClient } from '@temporalio/external-storage-s3-aws-sdk';
import { NativeConnection, Worker } from '@temporalio/worker';
import * as activities from './activities';
import { XorCodec } from './codec';
import { carryOut, type Command } from './commands';

const NAMES = ['address', 'namespace', 'task-queue', 'codec', 's3', 'bucket'] as const;
type Options = Record<(typeof NAMES)[number], string>;

function options(): Options {
  const known = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ options: known });
  for (const name of NAMES) {
    if (typeof values[name] !== 'string') throw new Error(`--${name} is missing`);
  }
  return values as Options;
}

function dataConverter(given: Options): DataConverter {
  const s3 = new S3Client({ endpoint: given.s3, forcePathStyle: true });
  const client = new AwsSdkS3StorageDriverClient(s3);
  return {
    payloadCodecs: given.codec === 'xor' ? [new XorCodec()] : [],
    externalStorage: new ExternalStorage({ drivers: [new S3StorageDriver({ client, bucket: given.bucket })] }),
  };
}

/** What this peer is made of; the S3 driver is a package of its own. */
function versions(): Record<string, string> {
  const packages = ['@temporalio/worker', '@temporalio/external-storage-s3'];
  const installed = packages.map((name) => [name, require(`${name}/package.json`).version as string]);
  return { ...Object.fromEntries(installed), Node: process.versions.node };
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function obey(client: Client, line: string): Promise<void> {
  const command = JSON.parse(line) as Command;
  try {
    say({ id: command.id, ok: await carryOut(client, command) });
  } catch (error) {
    say({ id: command.id, error: String(error) });
  }
}

async function main(): Promise<void> {
  const given = options();
  const converter = dataConverter(given);
  const client = new Client({
    connection: await Connection.connect({ address: given.address }),
    namespace: given.namespace,
    dataConverter: converter,
  });
  const connection = await NativeConnection.connect({ address: given.address });
  const worker = await Worker.create({
    connection,
    namespace: given.namespace,
    taskQueue: given['task-queue'],
    workflowsPath: require.resolve('./workflows'),
    activities,
    dataConverter: converter,
  });
  await worker.runUntil(async () => {
    say({ ready: true, versions: versions() });
    const running: Promise<void>[] = [];
    for await (const line of createInterface({ input: process.stdin })) {
      running.push(obey(client, line));
    }
    await Promise.all(running);
  });
  await client.connection.close();
  await connection.close();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
