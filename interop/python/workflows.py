"""The workflows that every peer has under the same names."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from content import content, seen


async def activity(name: str, argument: object, order: dict) -> str:
    """Schedules an activity with the worker that the order names."""
    return await workflow.execute_activity(
        name,
        argument,
        task_queue=order["task_queue"],
        start_to_close_timeout=timedelta(seconds=30),
        result_type=str,
    )


@workflow.defn
class TakeInput:
    @workflow.run
    async def run(self, text: str) -> str:
        return seen(text)


@workflow.defn
class GiveResult:
    @workflow.run
    async def run(self, order: dict) -> str:
        return content(order)


@workflow.defn
class CallTake:
    @workflow.run
    async def run(self, order: dict) -> str:
        return await activity("take", content(order), order)


@workflow.defn
class CallGive:
    @workflow.run
    async def run(self, order: dict) -> str:
        return seen(await activity("give", order, order))


@workflow.defn
class CallFail:
    @workflow.run
    async def run(self, order: dict) -> str:
        try:
            return await activity("fail", order, order)
        except ActivityError as error:
            if not isinstance(error.cause, ApplicationError):
                raise
            return seen(error.cause.details[0])


@workflow.defn
class Fail:
    @workflow.run
    async def run(self, order: dict) -> str:
        raise ApplicationError("as ordered", content(order), type="Ordered", non_retryable=True)


@workflow.defn
class ShowMemo:
    @workflow.run
    async def run(self) -> str:
        return seen(workflow.memo_value("note", type_hint=str))


@workflow.defn
class Listen:
    """Answers until it is told to finish, then returns what the signal brought."""

    def __init__(self) -> None:
        self.delivered = ""
        self.finished = False

    @workflow.run
    async def run(self) -> str:
        await workflow.wait_condition(lambda: self.finished)
        return self.delivered

    @workflow.signal
    def deliver(self, text: str) -> None:
        self.delivered = seen(text)

    @workflow.signal
    def finish(self) -> None:
        self.finished = True

    @workflow.query
    def ask_take(self, text: str) -> str:
        return seen(text)

    @workflow.query
    def ask_give(self, order: dict) -> str:
        return content(order)

    @workflow.update
    async def take(self, text: str) -> str:
        return seen(text)

    @workflow.update
    async def give(self, order: dict) -> str:
        return content(order)


@workflow.defn
class SignalWithStart:
    """Starts a `Listen` on the worker that the order names, with a large signal. Only Python's SDK can."""

    @workflow.run
    async def run(self, order: dict) -> str:
        await workflow.signal_with_start_workflow(
            "Listen",
            id=f"{workflow.info().workflow_id}-started",
            task_queue=order["task_queue"],
            signal="deliver",
            signal_args=[content(order)],
        )
        return ""


ALL = [TakeInput, GiveResult, CallTake, CallGive, CallFail, Fail, ShowMemo, Listen, SignalWithStart]
