"""Certificates: the TLS contexts of an address, from the files its options name.

`ca=FILE` trusts that authority alone; `cert=FILE` is shown to the other side, with its private key in the same file or
in `key=FILE` (PEM, not encrypted). A client verifies the certificate and the host name, always. A listener must show a
certificate; with `ca` it takes only clients that show one of that authority.
"""

import ssl

from tocsin.transport.address import Address

OPTIONS = ("ca", "cert", "key")


def client_context(address: Address) -> ssl.SSLContext:
    """What a client trusts and shows; raises TocsinError for files that are missing or hold something else."""
    try:
        context = ssl.create_default_context(cafile=address.options.get("ca"))
    except (OSError, ValueError) as error:
        raise address.refuse(f"ca={address.options['ca']}: {error}") from error
    _load(context, address)
    return context


def server_context(address: Address) -> ssl.SSLContext:
    """What a listener shows, and whom it takes."""
    if "cert" not in address.options:
        raise address.refuse("a listener must show a certificate; name its file: #cert=FILE (&key=FILE)")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    _load(context, address)
    if "ca" in address.options:
        try:
            context.load_verify_locations(address.options["ca"])
        except (OSError, ValueError) as error:
            raise address.refuse(f"ca={address.options['ca']}: {error}") from error
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def _load(context: ssl.SSLContext, address: Address) -> None:
    certificate, key = address.options.get("cert"), address.options.get("key")
    if certificate is None:
        if key is not None:
            raise address.refuse("option key without cert")
        return
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except (OSError, ValueError) as error:
        raise address.refuse(f"cert={certificate}: {error}") from error


def _no_password() -> str:
    raise ValueError("the private key is encrypted; give it without a password, readable by Tocsin alone")
