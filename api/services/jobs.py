"""What is to be done later: submitted in a transaction, carried out by whoever has time."""

from typing import Protocol

from sqlmodel import Session


class Jobs(Protocol):
    """`kind` names a job of `api.jobs.registry`, `ref` what it is about (an id)."""

    def submit(self, session: Session, kind: str, ref: str, *, delay_s: float = 0) -> None:
        """Have it done once this transaction is stored, and not at all when it is not."""


class NoJobs:
    """Of a process that hands nothing on: whoever does so has been given the wrong parts."""

    def submit(self, session: Session, kind: str, ref: str, *, delay_s: float = 0) -> None:
        raise RuntimeError(f"this process takes no jobs ({kind} {ref}, in {delay_s} s, {session!r})")
