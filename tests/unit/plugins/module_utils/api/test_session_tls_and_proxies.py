# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS and proxies."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import sys
import threading
import warnings
from pathlib import Path
from typing import Any, Callable

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ansible_collections.atlasops.network.plugins.module_utils.api import session
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.http_errors import TransportError
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError
from simulator import Settings, Simulator
from support.certificates import write_certificates
from support.echo_server import EchoServer
from support.patience import PATIENCE
from support.raw_server import RawServer

Connect = Callable[..., Client]
#: Method of authentication -> credentials; a token is issued for each test.
METHODS: dict[str, dict[str, str]] = {
    "access_token": {},
    "service_account": {"client_id": Settings.client_id, "client_secret": Settings.client_secret},
    "api_key": {"public_key": Settings.public_key, "private_key": Settings.private_key},
}
EACH_METHOD = [pytest.param(name, marks=[] if name == "service_account" else pytest.mark.slow) for name in METHODS]
DAY = datetime.timedelta(days=1)
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        constraints = x509.BasicConstraints(ca=True, path_length=None)
        builder = self._builder(self._name, self._key).add_extension(constraints, critical=True)
        self._key_id = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        builder = builder.add_extension(self._key_id, critical=False).add_extension(_usage(), critical=True)
        self.bundle = self._write(f"{name}.pem", builder.sign(self._key, hashes.SHA256()))

    def _builder(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: tuple[int, int] = (-1, 1)
    ) -> x509.CertificateBuilder:
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = x509.CertificateBuilder(self._name, subject, key.public_key(), x509.random_serial_number())
        return builder.not_valid_before(now + days[0] * DAY).not_valid_after(now + days[1] * DAY)

    def issue(self, host: str, days: tuple[int, int] = (-1, 1)) -> dict[str, str]:
        """Return settings of a simulator with a certificate for this host, valid between these days from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        issuer = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self._key_id)
        builder = self._builder(_named(host), key, days).add_extension(names, critical=False)
        builder = builder.add_extension(issuer, critical=False)
        certificate = self._write(f"{host}.crt", builder.sign(self._key, hashes.SHA256()))
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (self._folder / f"{host}.key").write_bytes(key.private_bytes(*form))
        return {"tls_cert": certificate, "tls_key": str(self._folder / f"{host}.key")}

    def _write(self, name: str, certificate: x509.Certificate) -> str:
        (self._folder / name).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return str(self._folder / name)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage() -> x509.KeyUsage:
    asked = {"key_cert_sign": True, "crl_sign": True}
    others = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**asked, **dict.fromkeys(others, False))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ours"), "ours")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("theirs"), "theirs")


@pytest.fixture
def atlas(simulate: Callable[..., Simulator], ours: Authority) -> Simulator:
    return simulate(**ours.issue("localhost"))


def read(client: Client) -> Any:
    return client.get("orgs", "look")["totalCount"]


def given(atlas: Simulator, method: str) -> tuple[str, dict[str, str]]:
    """Return credentials that a simulator knows."""
    return method, METHODS[method] or {"access_token": atlas.issue_token()}


def failure(client: Client, method: str = "GET") -> TransportError:
    calls: dict[str, Callable[[], Any]] = {
        "GET": lambda: read(client),
        "POST": lambda: client.post("orgs", "do it", {}),
    }
    with pytest.raises(AtlasError) as caught:
        calls[method]()
    assert isinstance(caught.value, TransportError)
    return caught.value


@pytest.mark.parametrize("variable", BUNDLES)
def test_ca_path_takes_precedence_over_environment(
    monkeypatch: pytest.MonkeyPatch,
    atlas: Simulator,
    connect: Connect,
    ours: Authority,
    theirs: Authority,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, theirs.bundle)
    assert read(connect(atlas, verify=ours.bundle)) == 1


@pytest.mark.parametrize("variable", BUNDLES)
def test_environment_does_not_replace_ca_path(
    monkeypatch: pytest.MonkeyPatch,
    atlas: Simulator,
    connect: Connect,
    ours: Authority,
    theirs: Authority,
    variable: str,
) -> None:
    monkeypatch.setenv(variable, ours.bundle)
    failure(connect(atlas, verify=theirs.bundle, retry_timeout=0))
    assert atlas.exchanges == []


@pytest.mark.parametrize("variable", BUNDLES)
def test_ca_bundle_of_environment_is_used_without_ca_path(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect, ours: Authority, variable: str
) -> None:
    monkeypatch.setenv(variable, ours.bundle)
    assert read(connect(atlas)) == 1


@pytest.mark.parametrize("way", ["ca_path", *BUNDLES])
def test_ca_bundle_is_read_once(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect, ours: Authority, way: str
) -> None:
    """Reading it takes longer than a request does, and each thread has a connection of its own."""
    read_times = []

    class Counting(ssl.SSLContext):
        def load_verify_locations(self, *args: Any, **kwargs: Any) -> None:
            read_times.append(args)
            super().load_verify_locations(*args, **kwargs)

    monkeypatch.setattr(session, "create_urllib3_context", lambda: Counting(ssl.PROTOCOL_TLS_CLIENT))
    if way == "ca_path":
        client = connect(atlas, verify=ours.bundle, workers=3)
    else:
        monkeypatch.setenv(way, ours.bundle)
        client = connect(atlas, workers=3)
    together = threading.Barrier(3)
    client.map_concurrently(lambda _number: (together.wait(PATIENCE), read(client)), range(3))
    assert len(read_times) == 1


@pytest.mark.parametrize(("held", "sent"), [("token", ["token"]), ("orgs", ["token", "orgs"])])
def test_abandoned_threads_send_nothing_after_close(
    atlas: Simulator, connect: Connect, ours: Authority, held: str, sent: list[str]
) -> None:
    """When the client is closed, the environment may already be another: without the proxy, say."""
    values = {"client_id": atlas.client_id, "client_secret": atlas.client_secret}
    client, ended = connect(atlas, ("service_account", values), verify=ours.bundle), threading.Event()
    hold = atlas.fault("ANY", held, delay=30)

    def work(_item: int) -> None:
        for _time in range(2):
            with contextlib.suppress(AtlasError):
                read(client)
        ended.set()

    assert not client.map_while(work, [1], lambda: not hold.holding.is_set())
    client.__exit__(None, None, None)
    hold.released.set()
    assert ended.wait(PATIENCE)
    assert [one.path.rpartition("/")[2] for one in atlas.exchanges] == sent


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_untrusted_certificate_fails_with_hint(atlas: Simulator, connect: Connect, clock: Any, method: str) -> None:
    error = failure(connect(atlas), method)
    assert "TLS failed" in error.message
    assert "CERTIFICATE_VERIFY_FAILED" in error.message
    assert "set ca_path to the CA that signed the certificate" in str(error.hint)
    assert error.outcome_unknown is False
    assert (atlas.exchanges, clock.pauses) == ([], [])


@pytest.mark.parametrize("credentials", EACH_METHOD)
@pytest.mark.parametrize(
    ("host", "days", "said"),
    [
        ("cloud.mongodb.com", (-1, 1), "Hostname mismatch"),
        ("localhost", (-2, -1), "certificate has expired"),
        ("localhost", (1, 2), "certificate is not yet valid"),
    ],
)
def test_invalid_certificate_fails_before_credentials_are_sent(
    simulate: Callable[..., Simulator],
    connect: Connect,
    ours: Authority,
    host: str,
    days: tuple[int, int],
    said: str,
    credentials: str,
) -> None:
    atlas = simulate(**ours.issue(host, days))
    error = failure(connect(atlas, given(atlas, credentials), verify=ours.bundle))
    assert "TLS failed" in error.message
    assert said in error.message
    assert error.outcome_unknown is False
    assert atlas.exchanges == []


def test_self_signed_certificate_fails(simulate: Callable[..., Simulator], connect: Connect, tmp_path: Path) -> None:
    files = write_certificates(tmp_path)
    atlas = simulate(tls_cert=files["self-signed"], tls_key=files["key"])
    error = failure(connect(atlas))
    assert "self-signed certificate" in error.message.replace("self signed", "self-signed")
    assert atlas.exchanges == []


def test_ca_path_may_be_a_folder(tmp_path: Path, connect: Connect) -> None:
    """Which OpenSSL reads when it verifies a certificate."""
    connect("https://127.0.0.1:1", verify=str(tmp_path))


def test_ca_path_is_not_read_without_tls(connect: Connect) -> None:
    connect("http://127.0.0.1:1", verify="/no/such/file")


def test_ca_path_without_certificates_fails(tmp_path: Path, atlas: Simulator, connect: Connect) -> None:
    bundle = tmp_path / "empty.pem"
    bundle.write_text("nothing")
    with pytest.raises(InputError, match=r"empty\.pem cannot be used .* Set ca_path"):
        connect(atlas, verify=str(bundle))
    assert atlas.exchanges == []


def test_ca_bundle_of_environment_that_does_not_exist_fails(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(InputError, match=r"/nowhere/ca\.pem cannot be used \(No such file"):
        connect(atlas)


def test_validate_certs_false_emits_no_warning(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect, theirs: Authority
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", theirs.bundle)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read(connect(atlas, verify=False)) == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_tls_to_http_server_fails(simulate: Callable[..., Simulator], connect: Connect, method: str) -> None:
    plain = simulate()
    error = failure(connect(plain.url.replace("http:", "https:"), retry_timeout=0), method)
    assert "TLS failed" in error.message


@pytest.fixture
def dead_proxy() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


NO_PROXIES = {
    "socks5://127.0.0.1:9": "the proxy speaks SOCKS, which requires PySocks",
    "http:///": "the address of the proxy is invalid",
    "http://u:geheim@127.0.0.1:notaport": "the address of the proxy is invalid",
    "ftp://u:geheim@127.0.0.1:1": "the address of the proxy is invalid",
}


@pytest.mark.parametrize(("proxy", "said"), NO_PROXIES.items(), ids=list(NO_PROXIES))
def test_invalid_proxy_fails(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect, clock: Any, proxy: str, said: str
) -> None:
    monkeypatch.setitem(sys.modules, "socks", None)
    monkeypatch.setattr(requests.adapters, "SOCKSProxyManager", no_socks)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = failure(connect(atlas, verify=False), "POST")
    assert said in error.message
    assert "geheim" not in str(error)
    assert "Check the proxy variables of the environment (HTTPS_PROXY, " in str(error.hint)
    assert error.outcome_unknown is False


def no_socks(*_arguments: Any, **_options: Any) -> Any:
    """What requests has in place of a SOCKS proxy without PySocks."""
    raise requests.exceptions.InvalidSchema("Missing dependencies for SOCKS support.")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 ",
        b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-OpenSSH",
    ],
)
def test_broken_proxy_tunnel_has_known_outcome(
    monkeypatch: pytest.MonkeyPatch, connect: Connect, clock: Any, answer: bytes
) -> None:
    proxy = RawServer([answer])
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = failure(connect("https://atlas.test"), "POST")
    proxy.stop()
    assert error.outcome_unknown is False
    assert "the proxy variables of the environment" in str(error.hint)


def test_sent_request_keeps_unknown_outcome_after_refused_retry(
    monkeypatch: pytest.MonkeyPatch, connect: Connect, clock: Any
) -> None:
    """A deletion whose answer is lost, and after which there is no connection any more."""
    server = RawServer([b"HTTP/1.1 200"])
    send = server._send

    def send_and_stop(*arguments: Any) -> None:
        server.stop()
        send(*arguments)

    monkeypatch.setattr(server, "_send", send_and_stop)
    with pytest.raises(TransportError) as caught:
        connect(server.url).delete("orgs", "do it")
    assert "no connection could be made" in caught.value.message
    assert caught.value.outcome_unknown


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_unreachable_proxy_fails_with_hint(
    monkeypatch: pytest.MonkeyPatch,
    atlas: Simulator,
    connect: Connect,
    dead_proxy: str,
    clock: Any,
    variable: str,
    method: str,
) -> None:
    monkeypatch.setenv(variable, dead_proxy)
    error = failure(connect(atlas, verify=False), method)
    assert "the proxy does not answer or refuses" in error.message
    assert error.hint == "Check the proxy variables of the environment (HTTPS_PROXY, ALL_PROXY)."
    assert (error.outcome_unknown, error.transient) == (False, True)
    assert clock.pauses == [0.5, 1, 2, 4]
    assert atlas.exchanges == []


@pytest.mark.parametrize("credentials", EACH_METHOD)
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_http_is_not_sent_to_a_proxy(
    monkeypatch: pytest.MonkeyPatch,
    simulate: Callable[..., Simulator],
    connect: Connect,
    variable: str,
    credentials: str,
) -> None:
    """Only a loopback address may be http: a proxy would read the credentials, and reach another loopback address."""
    proxy, plain = simulate(), simulate()
    monkeypatch.setenv(variable, proxy.url)
    assert read(connect(plain, given(plain, credentials))) == 1
    assert proxy.exchanges == []


@pytest.mark.parametrize("credentials", EACH_METHOD)
def test_proxy_that_asks_for_credentials_gets_none(
    monkeypatch: pytest.MonkeyPatch,
    simulate: Callable[..., Simulator],
    connect: Connect,
    clock: Any,
    credentials: str,
) -> None:
    proxy = EchoServer("proxy")
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = failure(connect("https://atlas.test", given(simulate(), credentials), retry_timeout=0))
    proxy.stop()
    assert "the proxy does not answer or refuses (https://atlas.test)." in error.message
    assert [name for head in proxy.heads for name in head if "authorization" in name.lower()] == []
    assert len(proxy.heads) == 1


def test_netrc_is_not_used_without_other_authentication(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, simulate: Callable[..., Simulator], connect: Connect
) -> None:
    """As for Azure, whose requests have their token as a header, which requests would replace."""
    plain, netrc = simulate(), tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    connect(plain)._session.get(f"{plain.url}/api/atlas/v2/orgs", headers={"Authorization": "Bearer of-azure"})
    assert plain.exchanges[-1].request_headers["Authorization"] == "Bearer of-azure"


def test_no_proxy_bypasses_proxy(
    monkeypatch: pytest.MonkeyPatch, atlas: Simulator, connect: Connect, ours: Authority, dead_proxy: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", dead_proxy)
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert read(connect(atlas, verify=ours.bundle)) == 1
