import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';

const PayloadMessage = temporal.api.common.v1.Payload;
const ENCODING = 'binary/extstore-interop';
const KEY = 0x5a;

/** The codec of the run: the whole payload, XORed byte by byte, in a payload of its own. */
export class XorCodec implements PayloadCodec {
  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => ({
      metadata: { encoding: Buffer.from(ENCODING) },
      data: xored(PayloadMessage.encode(payload).finish()),
    }));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => {
      const encoding = payload.metadata?.encoding;
      if (!encoding || Buffer.from(encoding).toString() !== ENCODING) {
        return payload;
      }
      return PayloadMessage.decode(xored(payload.data ?? new Uint8Array()));
    });
  }
}

function xored(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte ^ KEY);
}
