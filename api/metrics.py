"""Figures for Prometheus: what this process counts, and what the database knows when it is asked."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.repositories import figures
from api.service import Service
from models.errors import NavetteError

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The figures of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "navette_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "navette_http_request_seconds",
            "How long answers took.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, took_s: float) -> None:
        """One request has been answered; `route` is its pattern, of which there are few."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(took_s)

    def told(self, service: Service) -> bytes:
        """Everything, in Prometheus's text format."""
        return generate_latest(self.registry) + generate_latest(_stored(service))


def _stored(service: Service) -> CollectorRegistry:
    found = CollectorRegistry()
    found.register(_Stored(service))
    return found


class _Stored(Collector):
    """What the database knows; when it is away, that alone is told."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("navette_database_up", "Whether the database answers.")
        try:
            found = self._read()
        except NavetteError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from found

    def _read(self) -> list[Metric]:
        with self._service.database.read() as session:
            facts = GaugeMetricFamily("navette_facts", "Facts stored.", figures.count_facts(session))
            runs = GaugeMetricFamily("navette_plan_runs", "Plan runs by state.", labels=["state"])
            for state, count in figures.runs_by_state(session).items():
                runs.add_metric([state], count)
            jobs = GaugeMetricFamily("navette_jobs", "Jobs not ended, by queue.", labels=["queue", "status"])
            for (queue, status), count in figures.jobs_waiting(session).items():
                jobs.add_metric([queue, status], count)
            workers = GaugeMetricFamily("navette_workers", "Processes that carry out jobs.")
            workers.add_metric([], figures.count_workers(session))
            beat = GaugeMetricFamily(
                "navette_worker_last_seen_timestamp_seconds", "When a worker was last heard of."
            )
            seen = figures.last_seen(session)
            if seen is not None:
                beat.add_metric([], seen.timestamp())
        return [facts, runs, jobs, workers, beat]
