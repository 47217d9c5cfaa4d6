"""Keys are private, never overwritten, never guessed."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tocsin.incidents.keys import KEY_ENV, is_signed, make_key, public_hex, read_key
from tocsin.model.errors import TocsinError


def test_a_key_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    public = make_key(tmp_path / "ann.key")
    assert (tmp_path / "ann.key").stat().st_mode & 0o777 == 0o600
    assert public_hex(read_key(tmp_path / "ann.key")) == public


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    make_key(tmp_path / "ann.key")
    before = (tmp_path / "ann.key").read_bytes()
    with pytest.raises(TocsinError, match="never overwritten"):
        make_key(tmp_path / "ann.key")
    assert (tmp_path / "ann.key").read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610])
def test_a_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    make_key(tmp_path / "ann.key")
    (tmp_path / "ann.key").chmod(mode)
    with pytest.raises(TocsinError, match="others may use"):
        read_key(tmp_path / "ann.key")


def test_there_is_no_default_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_ENV, raising=False)
    with pytest.raises(TocsinError, match=KEY_ENV):
        read_key()
    public = make_key(tmp_path / "ann.key")
    monkeypatch.setenv(KEY_ENV, str(tmp_path / "ann.key"))
    assert public_hex(read_key()) == public


def test_what_is_no_ed25519_key_is_refused(tmp_path: Path) -> None:
    other = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for content in (b"", b"no key", other):
        path = tmp_path / "bad.key"
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(TocsinError):
            read_key(path)
    with pytest.raises(TocsinError):
        read_key(tmp_path / "missing.key")


def test_a_signature_is_of_its_key_and_message(tmp_path: Path) -> None:
    make_key(tmp_path / "ann.key")
    make_key(tmp_path / "bob.key")
    ann, bob = read_key(tmp_path / "ann.key"), read_key(tmp_path / "bob.key")
    signature = ann.sign(b"said")
    assert is_signed(public_hex(ann), signature, b"said")
    assert not is_signed(public_hex(bob), signature, b"said")
    assert not is_signed(public_hex(ann), signature, b"Said")
    assert not is_signed("", signature, b"said")
