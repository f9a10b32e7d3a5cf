"""The secret of an installation: made once, kept to itself, told apart by purpose."""

import stat
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.security.keyring import FILE, Keyring, load_keyring
from api.security.spelling import cleaned, read_spelled, spelled
from api.settings import Settings
from models.errors import Forbidden, InputError

KEYS = Keyring(b"a secret that is long enough to be one")


def test_a_signature_is_short_and_the_same_every_time() -> None:
    signature = KEYS.sign("link", "a payload")
    assert len(signature) == 20
    assert signature == KEYS.sign("link", "a payload")
    assert KEYS.verify("link", "a payload", signature)


def test_a_person_may_retype_a_signature() -> None:
    """Hyphens, spaces and capitals do not matter, nor does O for 0 or I for 1."""
    signature = next(s for k in range(99) if {"0", "1"} <= set(s := KEYS.sign("link", str(k))))
    payload = next(str(k) for k in range(99) if KEYS.sign("link", str(k)) == signature)
    typed = "-".join(signature.upper().replace("0", "O").replace("1", "I"))
    assert KEYS.verify("link", payload, f" {typed} ")


@pytest.mark.parametrize(
    ("purpose", "payload", "signature"),
    [
        ("other", "a payload", KEYS.sign("link", "a payload")),
        ("link", "another", KEYS.sign("link", "a payload")),
        ("link", "a payload", ""),
        ("link", "a payload", KEYS.sign("link", "a payload")[:-1]),
        ("link", "a payload", "é" * 20),
        ("link", "a payload", Keyring(b"another secret of sufficient length").sign("link", "a payload")),
    ],
)
def test_any_other_signature_is_refused(purpose: str, payload: str, signature: str) -> None:
    assert not KEYS.verify(purpose, payload, signature)


def test_what_was_encrypted_is_read_by_its_own_secret_and_purpose_only() -> None:
    locked = KEYS.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DP" not in locked
    assert KEYS.decrypt(locked) == "JBSWY3DPEHPK3PXP"
    stranger = Keyring(b"another secret of sufficient length")
    with pytest.raises(Forbidden):
        stranger.decrypt(locked)
    with pytest.raises(Forbidden):
        KEYS.decrypt(locked, "another purpose")
    with pytest.raises(Forbidden):
        KEYS.decrypt(locked, max_age_s=-1)
    for changed in (locked[:-2] + "xx", "nonsense", "é", ""):
        with pytest.raises(Forbidden):
            KEYS.decrypt(changed)


def test_nothing_of_the_secret_shows() -> None:
    assert "secret" not in f"{KEYS!r} {KEYS}"


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "new")
    first, second = load_keyring(settings), load_keyring(settings)
    assert first.sign("a", "b") == second.sign("a", "b")
    file = tmp_path / "new" / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [FILE]


def test_many_who_start_at_once_share_one_secret(tmp_path: Path) -> None:
    told: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        told.append(load_keyring(Settings(data=tmp_path)).sign("a", "b"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 8
    assert len(set(told)) == 1


def test_a_set_secret_counts_before_the_file(tmp_path: Path) -> None:
    given = load_keyring(Settings(data=tmp_path, secret=SecretStr("s" * 32)))
    assert given.sign("a", "b") == Keyring(b"s" * 32).sign("a", "b")
    assert not (tmp_path / FILE).exists()


def test_a_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="NAVETTE_SECRET"):
        load_keyring(Settings(data=tmp_path, secret=SecretStr("short")))
    (tmp_path / FILE).write_text("short\n")
    with pytest.raises(InputError, match="au moins 32 caractères"):
        load_keyring(Settings(data=tmp_path))


def test_letters_and_back() -> None:
    for length in range(1, 40):
        content = bytes(range(length))
        assert read_spelled(spelled(content)) == content
        assert not set(spelled(content)) & set("ilou")
    assert cleaned(" O-I l ") == "011"
    for nonsense in ("", "u", "é", "!"):
        with pytest.raises(ValueError, match="not spelled"):
            read_spelled(nonsense)
