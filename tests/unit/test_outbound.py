"""Requests to addresses that somebody typed in never reach our own network, however they are written."""

from collections.abc import Sequence

import pytest

from api.services.outbound import Unreachable, checked_address, is_public, system_resolver, target_of
from models.errors import InputError

OURS = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "224.0.0.1", "239.1.1.1", "255.255.255.255", "240.0.0.1", "192.0.2.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fd12::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1",
    "2002:7f00:1::", "2002:c0a8:101::1", "not an address",
)  # fmt: skip
PUBLIC = ("8.8.8.8", "93.184.215.14", "2a00:1450:4007:80e::200e", "::ffff:8.8.8.8", "64:ff9b::808:808")


@pytest.mark.parametrize("address", OURS)
def test_addresses_of_our_own_network(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_everybody(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://exemple.fr/x", "ftp://exemple.fr", "exemple.fr", "https://", "https:///x",
        "https://a:b@exemple.fr/",
        "https://exemple.fr:99999/", "https://[::1", "https://127.0.0.1/", "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://localhost/", "https://10.0.0.1:8443/x", "https://exemple.fr/a b",
        "https://exemple.fr/\r\nX: y",
        "file:///etc/passwd", "gopher://exemple.fr/", "https://" + "a" * 70 + ".fr/",
    ],
)  # fmt: skip
def test_what_is_no_address_to_send_to(url: str) -> None:
    with pytest.raises(InputError):
        target_of(url, private=False)


def test_an_address_is_taken_apart() -> None:
    target = target_of("https://Exemple.fr/navette?x=1", private=False)
    assert (target.host, target.port, target.path, target.authority) == (
        "exemple.fr",
        443,
        "/navette?x=1",
        "exemple.fr",
    )
    assert target_of("https://été.fr:8443", private=False).authority == "xn--t-9fab.fr:8443"
    assert target_of("http://127.0.0.1:9/", private=True).authority == "127.0.0.1:9"


def address_of(host: str, *found: str, private: bool = False) -> str:
    return checked_address(target_of(f"https://{host}/", private=private), lambda *_: found, private=private)


def test_every_address_of_a_name_is_looked_at() -> None:
    assert address_of("exemple.fr", "8.8.8.8", "2a00:1450:4007:80e::200e") == "8.8.8.8"
    for other in ("127.0.0.1", "fd12::1", "::ffff:10.0.0.1"):
        with pytest.raises(Unreachable, match="réseau privé"):
            address_of("exemple.fr", "8.8.8.8", other)
    with pytest.raises(Unreachable, match="pas d'adresse"):
        address_of("exemple.fr")
    assert address_of("exemple.fr", "10.0.0.1", private=True) == "10.0.0.1"


@pytest.mark.parametrize("host", ["2130706433", "0177.0.0.1", "0x7f.1", "127.1"])
def test_numbers_that_mean_this_machine_are_seen_through(host: str) -> None:
    target = target_of(f"https://{host}/", private=False)
    with pytest.raises(Unreachable, match="réseau privé"):
        checked_address(target, system_resolver, private=False)


def test_a_name_is_asked_for_once() -> None:
    answers: list[Sequence[str]] = [["8.8.8.8"], ["127.0.0.1"]]  # it changes its mind
    target = target_of("https://exemple.fr/", private=False)
    assert checked_address(target, lambda *_: answers.pop(0), private=False) == "8.8.8.8"
    assert len(answers) == 1


def test_a_name_that_nobody_knows_is_told() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError(host)

    with pytest.raises(Unreachable, match="n'existe pas"):
        checked_address(target_of("https://exemple.fr/", private=False), unknown, private=False)
