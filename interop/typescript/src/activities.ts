import { ApplicationFailure } from '@temporalio/common';
import { content, seen, type Order } from './content';

export async function take(text: string): Promise<string> {
  return seen(text);
}

export async function give(order: Order): Promise<string> {
  return content(order);
}

export async function fail(order: Order): Promise<string> {
  throw ApplicationFailure.nonRetryable('as ordered', 'Ordered', content(order));
}
