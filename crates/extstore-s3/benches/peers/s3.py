"""One cell of the benchmark with the official Python S3 driver: fresh, repeated, retrieve.

usage: s3.py SIZE BATCH CALLS, with the server and credentials in the vendor's usual variables.

Each phase is one line of JSON, with the names that all clients of the benchmark use. What happens between the
calls is not measured.
"""
import asyncio
import json
import os
import resource
import sys
import time
import urllib.request

import aioboto3
from botocore.config import Config
from temporalio.api.common.v1 import Payload
from temporalio.contrib.aws.s3driver import S3StorageDriver
from temporalio.contrib.aws.s3driver.aioboto3 import new_aioboto3_client
from temporalio.converter import (
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
)

SIZE, BATCH, CALLS = map(int, sys.argv[1:])


def payload(size):
    return Payload(metadata={"encoding": b"binary/plain"}, data=os.urandom(size))


def processor_time():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def requests():
    """How many requests the server has seen."""
    with urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/-/counts") as answer:
        return sum(json.load(answer).values())


def percentile(values, percent):
    values = sorted(values)
    return values[max(0, -(-len(values) * percent // 100) - 1)]


async def measure(phase, calls):
    before, times, cpu = requests(), [], 0.0
    for call in calls:
        cpu_before, started = processor_time(), time.perf_counter()
        await call()
        times.append(time.perf_counter() - started)
        cpu += processor_time() - cpu_before
    payloads = len(times) * BATCH
    print(json.dumps({
        "client": "python", "phase": phase, "size": SIZE, "batch": BATCH, "calls": len(times),
        "mb_s": payloads * SIZE / 1e6 / sum(times),
        "p50_ms": percentile(times, 50) * 1e3, "p99_ms": percentile(times, 99) * 1e3,
        "cpu_ms": cpu * 1e3 / payloads,
        "requests": (requests() - before) / payloads,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }), flush=True)


async def main():
    config = Config(s3={"addressing_style": "path"})
    async with aioboto3.Session().client("s3", config=config) as client:
        driver = S3StorageDriver(new_aioboto3_client(client), "bench")
        context = StorageDriverStoreContext(target=StorageDriverWorkflowInfo(
            namespace="default", type="bench", id=f"b-{os.getpid()}", run_id="r"))
        # Connections and lazily built tables are there before the first measured call.
        await driver.store(context, [payload(1000) for _ in range(BATCH)])
        first = [payload(SIZE) for _ in range(BATCH)]
        claims = []

        def fresh():
            for number in range(CALLS):
                payloads = first if number == 0 else [payload(SIZE) for _ in range(BATCH)]

                async def call(payloads=payloads):
                    claims.append(await driver.store(context, payloads))
                yield call

        await measure("fresh", fresh())
        await measure("repeated", ((lambda: driver.store(context, first)) for _ in range(max(CALLS, 3))))
        del first
        await measure("retrieve", (
            (lambda batch=batch: driver.retrieve(StorageDriverRetrieveContext(), batch)) for batch in claims))


asyncio.run(main())
