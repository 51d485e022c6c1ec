"""The threads in which a process answers requests, beside its event loop."""

from asyncio import get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from prepazka.store.connections import after_call, before_call

# A request mostly waits for the database; more threads would only wait for the same lock.
THREADS = 16

T = TypeVar("T")

pool = ThreadPoolExecutor(THREADS, thread_name_prefix="django")


async def in_thread(work: Callable[[], T]) -> T:
    """Do some work in one of the threads."""
    return await get_running_loop().run_in_executor(pool, work)


async def with_database(work: Callable[[], T]) -> T:
    """Do some work in one of the threads, with its connection looked after as around a request."""

    def looked_after() -> T:
        before_call()
        try:
            return work()
        finally:
            after_call()

    return await in_thread(looked_after)
