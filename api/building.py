"""The parts of a running service, put together."""

from api.db import Database
from api.jobs.queue import DurableJobs
from api.service import Service
from api.settings import Settings


def build(settings: Settings) -> Service:
    """A service on its database, which hands jobs on through it."""
    database = Database(settings.database_url)
    return Service(settings=settings, database=database, jobs=DurableJobs(database))
