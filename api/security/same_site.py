"""Where to go on after signing in: to a path of our own, whatever an address asks for."""

_SHORTEST_PRINTABLE = "!"
_NOT_AGAIN = ("/connexion", "/deconnexion", "/invitation", "/premier-compte")


def local_path(wanted: str) -> str:
    """`wanted` where it is a path of ours, else the first page.

    Browsers drop tabs and line breaks from addresses and read \\ as /: « /\\t/ailleurs » leads elsewhere.
    """
    plain = all(letter >= _SHORTEST_PRINTABLE for letter in wanted) and "\\" not in wanted
    local = wanted.startswith("/") and not wanted.startswith("//")
    return wanted if plain and local and len(wanted) < 500 and not wanted.startswith(_NOT_AGAIN) else "/"
