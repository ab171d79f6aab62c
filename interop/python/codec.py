"""The codec of the run: the whole payload, XORed byte by byte, in a payload of its own."""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

ENCODING = b"binary/extstore-interop"
TABLE = bytes(byte ^ 0x5A for byte in range(256))


class XorCodec(PayloadCodec):
    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            Payload(metadata={"encoding": ENCODING}, data=payload.SerializeToString().translate(TABLE))
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [decoded(payload) for payload in payloads]


def decoded(payload: Payload) -> Payload:
    if payload.metadata.get("encoding") != ENCODING:
        return payload
    return Payload.FromString(payload.data.translate(TABLE))
