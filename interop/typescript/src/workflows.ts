import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type * as activities from './activities';
import { content, seen, type Order } from './content';

/** The activities of the worker that the order names. */
function worker(order: Order): typeof activities {
  return proxyActivities<typeof activities>({ taskQueue: order.task_queue, startToCloseTimeout: '30s' });
}

export async function TakeInput(text: string): Promise<string> {
  return seen(text);
}

export async function GiveResult(order: Order): Promise<string> {
  return content(order);
}

export async function CallTake(order: Order): Promise<string> {
  return await worker(order).take(content(order));
}

export async function CallGive(order: Order): Promise<string> {
  return seen(await worker(order).give(order));
}

export async function CallFail(order: Order): Promise<string> {
  try {
    return await worker(order).fail(order);
  } catch (error) {
    if (error instanceof ActivityFailure && error.cause instanceof ApplicationFailure) {
      return seen(error.cause.details?.[0] as string);
    }
    throw error;
  }
}

export async function Fail(order: Order): Promise<string> {
  throw ApplicationFailure.nonRetryable('as ordered', 'Ordered', content(order));
}

export async function ShowMemo(): Promise<string> {
  return seen(workflowInfo().memo?.note as string);
}

/** Answers until it is told to finish, then returns what the signal brought. */
export async function Listen(): Promise<string> {
  let delivered = '';
  let finished = false;
  setHandler(defineSignal<[string]>('deliver'), (text) => {
    delivered = seen(text);
  });
  setHandler(defineSignal('finish'), () => {
    finished = true;
  });
  setHandler(defineQuery<string, [string]>('ask_take'), seen);
  setHandler(defineQuery<string, [Order]>('ask_give'), content);
  setHandler(defineUpdate<string, [string]>('take'), seen);
  setHandler(defineUpdate<string, [Order]>('give'), content);
  await condition(() => finished);
  return delivered;
}
