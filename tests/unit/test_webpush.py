"""What is pushed: the example of RFC 8291, byte for byte; who it is for; who signed it."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from api.security.keyring import Keyring
from api.security.webpush import (
    MOST_BYTES,
    Subscription,
    authorization,
    encrypt,
    point_of,
    unwritten,
    written,
)
from tests.push_reader import Reader, claims_of

# RFC 8291, 5 and appendix A.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
READER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK"
    "6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
ENDPOINT = "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"


def test_the_example_of_the_standard() -> None:
    key = ec.derive_private_key(int.from_bytes(unwritten(SENDER), "big"), ec.SECP256R1())
    to = Subscription.of_text(ENDPOINT, PUBLIC, AUTH)
    body = encrypt(TEXT, to, key=key, salt=unwritten(SALT))
    assert written(body) == BODY
    reader = Reader(int.from_bytes(unwritten(READER), "big"), unwritten(AUTH))
    assert (reader.p256dh, reader.read(unwritten(BODY))) == (PUBLIC, TEXT)


def test_only_its_reader_reads_it_and_no_two_are_alike() -> None:
    mine, other = Reader(), Reader()
    to = Subscription.of_text(ENDPOINT, mine.p256dh, mine.auth)
    one, two = encrypt(TEXT, to), encrypt(TEXT, to)
    assert one != two
    assert one[16:86] != two[16:86]  # another key each time, not only another salt
    assert mine.read(one) == mine.read(two) == TEXT
    with pytest.raises(InvalidTag):
        other.read(one)
    with pytest.raises(InvalidTag):
        mine.read(one[:-1] + bytes([one[-1] ^ 1]))


def test_the_longest_text_fits_a_record() -> None:
    mine = Reader()
    to = Subscription.of_text(ENDPOINT, mine.p256dh, mine.auth)
    body = encrypt(b"x" * MOST_BYTES, to)
    assert len(body) == 4096  # 16 of salt, 5, 65 of key; text, its mark and 16 of tag
    with pytest.raises(ValueError, match="too long"):
        encrypt(b"x" * (MOST_BYTES + 1), to)


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", AUTH), (PUBLIC, ""), (PUBLIC[:-2], AUTH), (PUBLIC, AUTH + "AA"), ("!" * 87, AUTH),
        ("é" * 87, AUTH),
        (written(b"\x04" + b"\x01" * 64), AUTH),  # not on the curve
        (written(b"\x00" * 65), AUTH),
    ],
)  # fmt: skip
def test_keys_that_are_none(p256dh: str, auth: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # what is wrong with it helps nobody
        Subscription.of_text(ENDPOINT, p256dh, auth)


def test_who_sends_is_signed_for_one_service_and_one_installation() -> None:
    ours, theirs = Keyring(b"a" * 32), Keyring(b"b" * 32)
    key = ours.signing_key("push")
    header = authorization(key, ENDPOINT, "mailto:navette@exemple.fr", 1_800_000_000)
    public = written(point_of(key))
    assert claims_of(header, public) == {
        "aud": "https://push.example.net",
        "exp": 1_800_000_000,
        "sub": "mailto:navette@exemple.fr",
    }
    assert point_of(ours.signing_key("push")) == point_of(key)  # machines that share the secret share it
    assert claims_of(header, written(point_of(theirs.signing_key("push")))) is None
    assert point_of(ours.signing_key("other")) != point_of(key)
