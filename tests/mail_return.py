"""The mailbox that returned mail comes to, on this machine, and the certificate that its connection is checked by."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def write_certificate(path: Path) -> None:
    """Write a certificate for this machine, with its key, that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return what a client trusts that knows this certificate only."""
    return ssl.create_default_context(cafile=str(certificate))


class Imap:
    """The least of a mailbox server (RFC 3501) that a client needs to read new mail, over TLS."""

    def __init__(self, letters: list[bytes], certificate: Path) -> None:
        self.letters, self.seen = letters, set[int]()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.context = context
        self.thread = Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                plain, _ = self.listening.accept()
            except OSError:
                return
            with self.context.wrap_socket(plain, server_side=True) as talk, talk.makefile("rwb") as line:
                line.write(b"* OK ready\r\n")
                line.flush()
                for asked in line:
                    tag, _, command = asked.decode().strip().partition(" ")
                    line.write(self.answer(command) + f"{tag} OK done\r\n".encode())
                    line.flush()
                    if command == "LOGOUT":
                        break

    def answer(self, command: str) -> bytes:
        words = command.split()
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if words[0] == "SELECT":
            return f"* {len(self.letters)} EXISTS\r\n".encode()
        if words[:2] == ["UID", "SEARCH"]:
            new = [str(n) for n in range(1, len(self.letters) + 1) if n not in self.seen]
            return f"* SEARCH {' '.join(new)}\r\n".encode()
        if words[:2] == ["UID", "FETCH"]:
            data = self.letters[int(words[2]) - 1]
            return f"* {words[2]} FETCH (UID {words[2]} BODY[]<0> {{{len(data)}}}\r\n".encode() + data + b")\r\n"
        if words[:2] == ["UID", "STORE"]:
            self.seen.add(int(words[2]))
        return b""

    def close(self) -> None:
        self.listening.close()
