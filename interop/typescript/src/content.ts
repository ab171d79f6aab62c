/** Says what content a peer makes, and whose activity worker a workflow calls. */
export interface Order {
  seed: string;
  size: number;
  task_queue: string;
}

/**
 * The text that every peer can make again from a seed: lines of the seed, a count and a pseudo-random word, until
 * `size` bytes of UTF-8 are reached.
 */
export function content(order: Order): string {
  const utf8 = new TextEncoder();
  const lines: string[] = [];
  let word = Number(fnv1a(utf8.encode(order.seed)) & 0xffffffffn) || 1;
  for (let length = 0; length < order.size; ) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    const hex = (word >>> 0).toString(16).padStart(8, '0');
    const line = `${order.seed} ${lines.length} ${hex} é漢😀\n`;
    lines.push(line);
    length += utf8.encode(line).length;
  }
  return lines.join('');
}

/** What a reader reports: the length in bytes and a digest. */
export function seen(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return `${bytes.length}:${fnv1a(bytes).toString(16).padStart(16, '0')}`;
}

/** FNV-1a with 64 bits, as a workflow has no library for digests. */
function fnv1a(bytes: Uint8Array): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}
