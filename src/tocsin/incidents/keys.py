"""Keys: an author's Ed25519 key, in a file of its own that nobody else may read, never beside the records.

`make_key` writes a new one (PEM, PKCS 8, mode 0600) and overwrites nothing; `read_key` refuses a file that others may
read or write, and one that is no Ed25519 key. There is no default key: the path comes from the caller or from the
environment variable `TOCSIN_KEY`, which holds a path and never the key.
"""

import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tocsin.model.errors import TocsinError

KEY_ENV = "TOCSIN_KEY"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def make_key(path: Path) -> str:
    """Write a new key to `path` and answer its public half as hex."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
    except FileExistsError as error:
        raise TocsinError(f"{path}: exists; a key is never overwritten") from error
    except OSError as error:
        raise TocsinError(f"{path}: cannot be written: {error.strerror}") from error
    return public_hex(key)


def read_key(path: Path | None = None) -> Ed25519PrivateKey:
    """The key in `path`, or in the file that `TOCSIN_KEY` names."""
    if path is None:
        named = os.environ.get(KEY_ENV, "")
        if not named:
            raise TocsinError(
                f"no key: give --key FILE, or set {KEY_ENV} to its path; make one with: tocsin incidents key"
            )
        path = Path(named)
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(10_000)
    except OSError as error:
        raise TocsinError(f"{path}: the key cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise TocsinError(f"{path}: a key is a regular file")
    if status.st_uid not in (os.geteuid(), 0):
        raise TocsinError(f"{path}: the key belongs to another user")
    if status.st_mode & _OTHERS:
        raise TocsinError(f"{path}: others may use this key (mode {stat.S_IMODE(status.st_mode):04o}); chmod 600 it")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise TocsinError(f"{path}: not an unencrypted private key in PEM") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise TocsinError(f"{path}: not an Ed25519 key")
    return key


def public_hex(key: Ed25519PrivateKey) -> str:
    """The public half of `key` as 64 hex digits."""
    return key.public_key().public_bytes_raw().hex()


def is_signed(public_key: str, signature: bytes, message: bytes) -> bool:
    """Whether `signature` over `message` is of the private half of `public_key` (64 hex digits)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
