"""What goes wrong with another library's Koha, in words for a coordinator."""

from models.errors import InputError, Unavailable


class KohaRefused(InputError):
    """Asking again will not help: the address, the account or the version does not fit."""


class KohaAway(Unavailable):
    """It may well answer later; `wait_s` is how long it asked us to wait, 0 where it did not say."""

    def __init__(self, message: str, wait_s: int = 0) -> None:
        super().__init__(message)
        self.wait_s = wait_s
