"""Libraries that only the bench asks for: absent from a plain installation, named where they are missing."""

from importlib import import_module
from typing import Any

from models.errors import InputError

PACKAGES = {"pyvrp": "pyvrp", "vroom": "pyvroom"}  # module → what to install


def library(module: str) -> Any:
    """The module; InputError, with the remedy, when its package is not installed."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = PACKAGES[module.partition(".")[0]]
        raise InputError(f"Il manque le paquet {package}. Installez-le : pip install {package}") from error
