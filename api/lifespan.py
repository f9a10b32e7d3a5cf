"""What an application does when it begins and when it ends."""

import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from api.service import Service

if TYPE_CHECKING:
    from api.jobs.runner import Runner
    from api.services.foretelling.follower import Foreteller

_log = logging.getLogger("navette")


def lifespan(service: Service, *, closing: bool, working: bool) -> Callable[[FastAPI], object]:
    """`working`: jobs are carried out beside requests. `closing`: the service ends with the application."""

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = service.settings.threads
        jobs = _Working(service) if working else None
        yield
        service.stopping.set()
        if jobs:
            await run_in_threadpool(jobs.stop)
        if closing:
            service.close()

    return running


class _Working:
    """Jobs and foretelling beside requests: begun aside, so that the first page does not wait for them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._runner: Runner | None = None
        self._foreteller: Foreteller | None = None
        self._thread = threading.Thread(target=self._start, name="jobs")
        self._thread.start()

    def _start(self) -> None:
        from api.jobs.runner import Runner  # noqa: PLC0415  # half a second
        from api.services.foretelling.follower import Foreteller  # noqa: PLC0415  # it brings numpy

        try:
            runner = Runner(self._service)
            runner.start()
            self._runner = runner
            self._foreteller = Foreteller(self._service)
            self._foreteller.start()
        except Exception:
            _log.critical("jobs are not carried out", exc_info=True)
            os.kill(os.getpid(), signal.SIGTERM)  # whoever looks after this process starts it again

    def stop(self) -> None:
        self._thread.join()
        if self._foreteller:
            self._foreteller.stop()
        if self._runner:
            self._runner.stop()
