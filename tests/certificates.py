"""Certificates for tests on loopback: an authority, and what it signed."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def certified(folder: Path, name: str = "server", authority: str = "authority") -> tuple[Path, Path]:
    """(the authority's certificate, a file of certificate and key that it signed for 127.0.0.1)."""
    trusted, signing = folder / f"{authority}.pem", folder / f"{authority}.key"
    if not trusted.exists():
        _write(trusted, signing, authority, None)
    shown = folder / f"{name}.pem"
    _write(shown, shown, name, (trusted, signing))
    return trusted, shown


def _write(certificate: Path, private: Path, name: str, signer: tuple[Path, Path] | None) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    issuer, issuer_key = subject, key
    if signer is not None:
        issuer = x509.load_pem_x509_certificate(signer[0].read_bytes()).subject
        loaded = serialization.load_pem_private_key(signer[1].read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        issuer_key = loaded
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    private.write_bytes(text)
    with certificate.open("ab" if certificate == private else "wb") as file:
        file.write(made.public_bytes(serialization.Encoding.PEM))
