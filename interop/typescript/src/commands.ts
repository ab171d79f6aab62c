import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { content, seen, type Order } from './content';

/** What is longer is reported by its digest. */
const SHORT = 100;

/** What the run tells a peer to do as a client. */
export interface Command {
  id: number;
  do: string;
  name: string;
  workflow_id: string;
  task_queue: string;
  send?: 'content' | 'order' | 'nothing';
  memo?: boolean;
  order: Order;
}

export async function carryOut(client: Client, command: Command): Promise<string> {
  const handle = client.workflow.getHandle(command.workflow_id);
  switch (command.do) {
    case 'start':
      return await start(client, command);
    case 'signal':
      await handle.signal(command.name, ...arguments_(command));
      return '';
    case 'query':
      return report(await handle.query<string, unknown[]>(command.name, ...arguments_(command)));
    case 'update':
      return report(await update(handle, command));
    case 'result':
      return report((await handle.result()) as string);
    case 'failure':
      return await failure(handle.result());
    case 'memo':
      return seen((await handle.describe()).memo?.note as string);
    default:
      throw new Error(`unknown command ${command.do}`);
  }
}

async function start(client: Client, command: Command): Promise<string> {
  const handle = await client.workflow.start(command.name, {
    workflowId: command.workflow_id,
    taskQueue: command.task_queue,
    args: arguments_(command),
    memo: command.memo ? { note: content(command.order) } : undefined,
  });
  return handle.firstExecutionRunId;
}

async function update(handle: WorkflowHandle, command: Command): Promise<string> {
  const [argument] = arguments_(command);
  return await handle.executeUpdate<string, [unknown]>(command.name, { args: [argument] });
}

async function failure(result: Promise<unknown>): Promise<string> {
  try {
    await result;
  } catch (error) {
    if (error instanceof WorkflowFailedError && error.cause instanceof ApplicationFailure) {
      return seen(error.cause.details?.[0] as string);
    }
    throw error;
  }
  throw new Error('the workflow did not fail');
}

function arguments_(command: Command): unknown[] {
  switch (command.send ?? 'nothing') {
    case 'content':
      return [content(command.order)];
    case 'order':
      return [command.order];
    case 'nothing':
      return [];
  }
}

function report(text: string): string {
  return text.length < SHORT ? text : seen(text);
}
