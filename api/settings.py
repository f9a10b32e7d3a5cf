"""What an installation may set, by environment variables that begin with NAVETTE_ or a `.env` file."""

from datetime import timedelta
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.network.read import default_folder

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class Settings(BaseSettings):
    """`network` is the folder that a new installation is filled from, `out` where `navette plan` writes.

    `data` holds what the service remembers on this machine: the SQLite file and the secret key.
    `database` is an SQLAlchemy URL (`postgresql+psycopg://…`); empty: SQLite in `data`. `secret` signs links
    and encrypts what must be read again; empty: a key made once, in `data`. Machines that share a database
    must share the secret. `public_url` is how people reach the service: it is printed in QR codes; empty:
    this machine, at `port`.
    `co2_g_per_km` is what the vans emit, grams of CO2 equivalent per kilometre, and `co2_source` where that
    figure is from; without them no emission is told.
    `public_items`: anybody may ask where a document or a crate is, by its code.
    `threads` is how many requests are worked on at a time: more of them mostly wait for one another.
    `positions_days` is how long positions of vans are kept; with `live_positions` the public live feed says
    where a van is while its round runs. `predictions_days` is how long what was foretold and promised is
    kept, to be held against what came. `jobs`: this process also carries out jobs.
    `webhook_private`: webhooks may also go to addresses of private networks, and by plain http.
    A browser stays signed in for `session_idle_h` hours without a sign of life, `session_days` days at most.
    `trusted_hosts` are the names that requests may be addressed to, `proxies` the addresses whose
    X-Forwarded-* are believed, both separated by commas; empty: any name, no proxy.
    `draft_day` and `draft_hour` (Europe/Paris) say when the draft of a coming week is made from the template,
    once there is one; an empty day: never. `metrics_token` opens /metrics to other machines that show it.
    `smtp_host` is who takes our mail, as `smtp_from` (« Navette <navette@exemple.fr> »), with `smtp_user` and
    `smtp_password` where it asks for them; empty: no mail is sent. `smtp_security`: `starttls`, `tls` from
    the first byte, or `none`, for a server on this machine.
    `push`: browsers of libraries may ask to be told of changes (by way of their makers' services, which read
    nothing of it); they can where people reach us by https, or on this machine.
    `log_format` is `json`, `console`, or `auto`: console on a terminal.
    """

    model_config = SettingsConfigDict(env_prefix="NAVETTE_", env_file=".env", extra="ignore")

    network: Path = default_folder()
    out: Path = Path("out")
    data: Path = Path("var")
    database: str = ""
    secret: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = 8045
    public_url: str = ""
    co2_g_per_km: int | None = None
    co2_source: str = ""
    positions_days: int = 30
    predictions_days: int = Field(default=400, ge=30)
    live_positions: bool = False
    threads: int = Field(default=12, ge=2, le=200)
    jobs: bool = True
    public_items: bool = False
    webhook_private: bool = False
    session_idle_h: int = 12
    session_days: int = 14
    trusted_hosts: str = ""
    proxies: str = ""
    draft_day: Literal["", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"] = "jeudi"
    draft_hour: int = Field(default=6, ge=0, le=23)
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    push: bool = True
    metrics_token: SecretStr = SecretStr("")
    log_format: Literal["auto", "json", "console"] = "auto"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _reached_somehow(self) -> Self:
        if not self.public_url:
            here = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
            self.public_url = f"http://{here}:{self.port}"
        self.public_url = self.public_url.rstrip("/")
        return self

    @property
    def database_url(self) -> str:
        """The URL of the database, the default one filled in."""
        return self.database or f"sqlite:///{self.data / 'navette.db'}"

    @property
    def session_idle(self) -> timedelta:
        """How long a browser stays signed in without a sign of life."""
        return timedelta(hours=self.session_idle_h)

    @property
    def https(self) -> bool:
        """Whether people reach the service by https; cookies then go nowhere else."""
        return self.public_url.startswith("https://")
