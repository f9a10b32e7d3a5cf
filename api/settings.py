"""What an installation may set, by environment variables that begin with NAVETTE_ or a `.env` file."""

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
    `co2_g_per_km` is what the vans emit, grams of CO2 equivalent per kilometre, and `co2_source` where that
    figure is from; without them no emission is told.
    `positions_days` is how long positions of vans are kept. `jobs`: this process also carries out jobs.
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
    co2_g_per_km: int | None = None
    co2_source: str = ""
    positions_days: int = 30
    jobs: bool = True

    @property
    def database_url(self) -> str:
        """The URL of the database, the default one filled in."""
        return self.database or f"sqlite:///{self.data / 'navette.db'}"
