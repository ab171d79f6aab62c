"""The activities that every peer has under the same names."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from content import content, seen


@activity.defn
async def take(text: str) -> str:
    return seen(text)


@activity.defn
async def give(order: dict) -> str:
    return content(order)


@activity.defn
async def fail(order: dict) -> str:
    raise ApplicationError("as ordered", content(order), type="Ordered", non_retryable=True)


ALL = [take, give, fail]
