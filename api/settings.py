"""What an installation may set, by environment variables that begin with NAVETTE_ or a `.env` file."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from models.network.read import default_folder


class Settings(BaseSettings):
    """`network` is the folder that describes the network, `out` where plans are written and read.

    `public_url` is how people reach the service: it is printed in the QR codes of the sheets.
    """

    model_config = SettingsConfigDict(env_prefix="NAVETTE_", env_file=".env", extra="ignore")

    network: Path = default_folder()
    out: Path = Path("out")
    host: str = "127.0.0.1"
    port: int = 8045
    public_url: str = "http://127.0.0.1:8045"
