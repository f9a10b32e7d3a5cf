"""What an installation may set, by environment variables that begin with NAVETTE_ or a `.env` file."""

from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.network.read import default_folder


class Settings(BaseSettings):
    """`network` is the folder that a new installation is filled from, `out` where `navette plan` writes.

    `data` holds what the service remembers on this machine: the SQLite file and the secret key.
    `database` is an SQLAlchemy URL (`postgresql+psycopg://…`); empty: SQLite in `data`. `secret` signs links
    and encrypts what must be read again; empty: a key made once, in `data`. Machines that share a database
    must share the secret. `public_url` is how people reach the service: it is printed in QR codes.
    `positions_days` is how long positions of vans are kept. `jobs`: this process also carries out jobs.
    A browser stays signed in for `session_idle_h` hours without a sign of life, `session_days` days at most.
    `trusted_hosts` are the names that requests may be addressed to, `proxies` the addresses whose
    X-Forwarded-* are believed, both separated by commas; empty: any name, no proxy.
    """

    model_config = SettingsConfigDict(env_prefix="NAVETTE_", env_file=".env", extra="ignore")

    network: Path = default_folder()
    out: Path = Path("out")
    data: Path = Path("var")
    database: str = ""
    secret: SecretStr = SecretStr("")
    host: str = "127.0.0.1"
    port: int = 8045
    public_url: str = "http://127.0.0.1:8045"
    positions_days: int = 30
    jobs: bool = True
    session_idle_h: int = 12
    session_days: int = 14
    trusted_hosts: str = ""
    proxies: str = ""

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
