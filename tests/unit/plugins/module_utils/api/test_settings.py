# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of a client: options, environment, and how to authenticate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import (
    ENVIRONMENT,
    METHODS,
    MOST,
    Credentials,
    at_least,
    parse_settings,
)
from ansible_collections.atlasops.network.plugins.module_utils.engine.projects import project_of
from ansible_collections.atlasops.network.plugins.module_utils.errors import InputError
from support.samples import OTHER_PROJECT, PROJECT

TOKEN = {"access_token": "token"}


ACCOUNT = {"client_id": "id", "client_secret": "secret"}


KEY = {"public_key": "public", "private_key": "private"}


VARIABLES = {
    "MONGODB_ATLAS_ACCESS_TOKEN": "access_token",
    "MONGODB_ATLAS_CLIENT_ID": "client_id",
    "MONGODB_ATLAS_CLIENT_SECRET": "client_secret",
    "MONGODB_ATLAS_PUBLIC_API_KEY": "public_key",
    "MONGODB_ATLAS_PUBLIC_KEY": "public_key",
    "MONGODB_ATLAS_PRIVATE_API_KEY": "private_key",
    "MONGODB_ATLAS_PRIVATE_KEY": "private_key",
    "MONGODB_ATLAS_BASE_URL": "base_url",
    "MONGODB_ATLAS_PROJECT_ID": "project_id",
}


def params(**given: Any) -> dict[str, Any]:
    """Return connection options as a module would hand them over."""
    unset = dict.fromkeys(options.CONNECTION_SPEC)
    defaults = {name: spec["default"] for name, spec in options.CONNECTION_SPEC.items() if "default" in spec}
    return {**unset, **defaults, **given}


def credentials(**given: Any) -> Credentials:
    return parse_settings(params(**given)).credentials


def put(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    """Set variables by the end of their names."""
    for name, value in values.items():
        monkeypatch.setenv(f"MONGODB_ATLAS_{name}", value)


@pytest.mark.parametrize(
    ("given", "variable", "expected"),
    [
        (None, None, True),
        (False, None, False),
        (True, None, True),
        (None, "false", False),
        (None, "no", False),
        (None, " ", True),
        (True, "false", True),
        (False, "true", False),
    ],
)
def test_token_cache_is_on_unless_it_is_turned_off(
    monkeypatch: pytest.MonkeyPatch, given: bool | None, variable: str | None, expected: bool
) -> None:
    if variable is not None:
        put(monkeypatch, TOKEN_CACHE=variable)
    assert parse_settings(params(**TOKEN, token_cache=given)).token_cache is expected


def test_malformed_token_cache_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, TOKEN_CACHE="sometimes")
    with pytest.raises(InputError, match="MONGODB_ATLAS_TOKEN_CACHE is 'sometimes', but must be true or false"):
        parse_settings(params(**TOKEN))


def test_settings_defaults() -> None:
    settings = parse_settings(params(**TOKEN))
    assert settings.base_url == "https://cloud.mongodb.com"
    assert (settings.api_version, settings.timeout, settings.retry_timeout, settings.verify) == ("v2", 30, 120, True)


def test_settings_repr_shows_no_credentials() -> None:
    settings = parse_settings(params(**KEY))
    assert "private" not in repr(settings)
    assert "public" not in repr(settings)


@pytest.mark.parametrize(("given", "method"), [(TOKEN, "access_token"), (ACCOUNT, "service_account"), (KEY, "api_key")])
def test_credentials_by_method(given: dict[str, str], method: str) -> None:
    assert credentials(**given) == Credentials(method, given)


@pytest.mark.parametrize(
    ("given", "method"),
    [
        ({**TOKEN, **ACCOUNT, **KEY}, "access_token"),
        ({**ACCOUNT, **KEY}, "service_account"),
        ({"access_token": "", **KEY}, "api_key"),
        ({"access_token": "", "client_id": "", "client_secret": "", **KEY}, "api_key"),
        ({"client_id": "id", **KEY}, "api_key"),
    ],
)
def test_credentials_method_precedence(given: dict[str, str], method: str) -> None:
    assert credentials(**given).method == method


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"ACCESS_TOKEN": "a"}, Credentials("access_token", {"access_token": "a"})),
        (
            {"CLIENT_ID": "i", "CLIENT_SECRET": "s"},
            Credentials("service_account", {"client_id": "i", "client_secret": "s"}),
        ),
        (
            {"PUBLIC_API_KEY": "u", "PRIVATE_API_KEY": "r"},
            Credentials("api_key", {"public_key": "u", "private_key": "r"}),
        ),
        ({"PUBLIC_KEY": "u", "PRIVATE_KEY": "r"}, Credentials("api_key", {"public_key": "u", "private_key": "r"})),
        (
            {"PUBLIC_API_KEY": "u", "PUBLIC_KEY": "x", "PRIVATE_API_KEY": "r", "PRIVATE_KEY": "x"},
            Credentials("api_key", {"public_key": "u", "private_key": "r"}),
        ),
        (
            {"PUBLIC_API_KEY": "", "PUBLIC_KEY": "u", "PRIVATE_API_KEY": "", "PRIVATE_KEY": "r"},
            Credentials("api_key", {"public_key": "u", "private_key": "r"}),
        ),
        (
            {"ACCESS_TOKEN": "a", "CLIENT_ID": "i", "CLIENT_SECRET": "s", "PUBLIC_KEY": "u", "PRIVATE_KEY": "r"},
            Credentials("access_token", {"access_token": "a"}),
        ),
        (
            {"ACCESS_TOKEN": "", "CLIENT_ID": "i", "CLIENT_SECRET": "s", "PUBLIC_KEY": "u", "PRIVATE_KEY": "r"},
            Credentials("service_account", {"client_id": "i", "client_secret": "s"}),
        ),
        (
            {"CLIENT_ID": "i", "PUBLIC_KEY": "u", "PRIVATE_KEY": "r"},
            Credentials("api_key", {"public_key": "u", "private_key": "r"}),
        ),
    ],
)
@pytest.mark.parametrize("unset", [None, ""])
def test_credentials_from_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: Credentials, unset: str | None
) -> None:
    put(monkeypatch, **variables)
    assert credentials(**dict.fromkeys((*TOKEN, *ACCOUNT, *KEY), unset)) == expected


@pytest.mark.parametrize("variable", VARIABLES)
def test_option_takes_precedence_over_its_variable(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, PROJECT)
    name = VARIABLES[variable]
    given = {"base_url": "https://example.com", "project_id": OTHER_PROJECT}.get(name, "option")
    if name == "project_id":
        assert project_of({name: given}) == (given, "")
    elif name == "base_url":
        assert parse_settings(params(**TOKEN, base_url=given)).base_url == given
    else:
        method = next(names for names in (TOKEN, ACCOUNT, KEY) if name in names)
        assert credentials(**{**method, name: given}).values[name] == given


def test_method_of_options_takes_precedence_over_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, ACCESS_TOKEN="environment", CLIENT_ID="environment", CLIENT_SECRET="environment")
    assert credentials(**KEY) == Credentials("api_key", KEY)


def test_credentials_of_option_and_environment_are_combined(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, CLIENT_SECRET="secret", ACCESS_TOKEN="environment")
    assert credentials(client_id="id") == Credentials("service_account", ACCOUNT)


def test_credentials_are_stripped() -> None:
    assert credentials(access_token=" token\n").values == TOKEN


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "No credentials are given."),
        ({name: "" for name in (*TOKEN, *ACCOUNT, *KEY)}, "No credentials are given."),
        ({"client_id": "id"}, "client_id is set, but client_secret is missing."),
        ({"client_secret": "s3cr3t"}, "client_secret is set, but client_id is missing."),
        ({"public_key": "id"}, "public_key is set, but private_key is missing."),
        ({"private_key": "s3cr3t"}, "private_key is set, but public_key is missing."),
        ({"client_id": "id", "private_key": "s3cr3t"}, "client_id is set, but client_secret is missing."),
    ],
)
def test_incomplete_credentials_fail(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError) as refusal:
        credentials(**given)
    assert refusal.value.message == sentence
    assert "MONGODB_ATLAS_CLIENT_ID" in str(refusal.value.hint)
    assert "s3cr3t" not in str(refusal.value)


def test_incomplete_credentials_are_not_replaced_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, ACCESS_TOKEN="environment")
    with pytest.raises(InputError, match="client_id is set, but client_secret is missing"):
        credentials(client_id="id")


ADDRESSES = [
    "https://cloud.mongodb.com",
    "https://cloud.mongodbgov.com",
    "https://proxy.example.com:8443",
    "https://[2001:db8::1]:8443",
    "http://localhost:8080",
    "http://127.0.0.1",
    "http://127.1.2.3:8080",
    "http://[::1]:8080",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("ending", ["", "/", "//"])
def test_base_url_is_normalized(address: str, ending: str) -> None:
    assert parse_settings(params(**TOKEN, base_url=address + ending)).base_url == address


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("HTTP://LOCALHOST:8080", "http://localhost:8080"),
        ("http://127.0.0.1:08080", "http://127.0.0.1:8080"),
        ("https://Cloud.MongoDB.com:", "https://cloud.mongodb.com"),
        ("https://[2001:DB8::1]", "https://[2001:db8::1]"),
        (" https://cloud.mongodb.com ", "https://cloud.mongodb.com"),
    ],
)
def test_base_url_spelling_is_normalized(spelling: str, address: str) -> None:
    assert parse_settings(params(**TOKEN, base_url=spelling)).base_url == address


REFUSED_ADDRESSES = [
    ("http://cloud.mongodb.com", "over https only. Use https://cloud.mongodb.com instead."),
    ("http://10.0.0.1:8080", "over https only. Use https://10.0.0.1:8080 instead."),
    ("http://localhost.example.com", "over https only"),
    ("http://127.0.0.1.example.com", "over https only"),
    ("http://[2001:db8::1]", "over https only"),
    ("http://0.0.0.0", "over https only"),
    ("https://cloud.mongodb.com/api/atlas/v2", "not a plain address"),
    ("https://cloud.mongodb.com/X", "not a plain address"),
    ("https://cloud.mongodb.com?a=b", "not a plain address"),
    ("https://cloud.mongodb.com#a", "not a plain address"),
    ("cloud.mongodb.com", "not a plain address"),
    ("ftp://cloud.mongodb.com", "not a plain address"),
    ("file:///etc/passwd", "not a plain address"),
    ("https://", "not a plain address"),
    ("https://:443", "not a plain address"),
    ("nonsense", "not a plain address"),
    ("https://[::1", "not an address"),
    ("https://cloud.mongodb.com:port", "not an address"),
    ("https://cloud.mongodb.com:99999", "not an address"),
    ("https://user:s3cr3t@cloud.mongodb.com", "contains a user name or password"),
    ("https://user@cloud.mongodb.com", "contains a user name or password"),
    ("https://:s3cr3t@cloud.mongodb.com", "contains a user name or password"),
    ("http://user:s3cr3t@localhost", "contains a user name or password"),
]


@pytest.mark.parametrize(("address", "words"), REFUSED_ADDRESSES)
def test_invalid_base_url_fails(address: str, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_settings(params(**TOKEN, base_url=address))
    assert refusal.value.message.startswith("base_url ")
    assert words in refusal.value.message
    assert "s3cr3t" not in str(refusal.value)


@pytest.mark.parametrize("address", ["https://user:s3cr3t@host:99999", "https://user:s3cr3t@[::1"])
def test_invalid_base_url_error_hides_password(address: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_settings(params(**TOKEN, base_url=address))
    assert "s3cr3t" not in str(refusal.value)


@given(st.text() | st.text(alphabet="htps:/[]@.#?127%\t").map("http://".__add__))
@example("//")
@example("http://[::1%25lo]")
def test_parse_base_url_is_idempotent_or_fails(address: str) -> None:
    try:
        base_url = parse_settings(params(**TOKEN, base_url=address)).base_url
    except InputError:
        return
    assert base_url == parse_settings(params(**TOKEN, base_url=base_url)).base_url
    assert base_url.count("/") == 2
    assert "@" not in base_url


def test_base_url_of_environment_is_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, BASE_URL="http://elsewhere.example.com")
    with pytest.raises(InputError, match="over https only"):
        parse_settings(params(**TOKEN, base_url=""))


@pytest.mark.parametrize(("name", "value", "least"), [("timeout", 0, 1), ("timeout", -1, 1), ("retry_timeout", -1, 0)])
def test_timeout_too_short_fails(name: str, value: int, least: int) -> None:
    with pytest.raises(InputError) as refusal:
        parse_settings(params(**TOKEN, **{name: value}))
    assert refusal.value.message == f"{name} is {value}, but it must be at least {least} (seconds)."


def test_shortest_timeouts_are_accepted() -> None:
    settings = parse_settings(params(**TOKEN, timeout=1, retry_timeout=0))
    assert (settings.timeout, settings.retry_timeout) == (1, 0)


def test_settings_keep_version_and_timeouts() -> None:
    settings = parse_settings(params(**TOKEN, timeout=7, retry_timeout=8, api_version="v1.0"))
    assert (settings.timeout, settings.retry_timeout, settings.api_version) == (7, 8, "v1.0")


@pytest.mark.parametrize("validate", [True, False])
def test_verify_with_ca_path(tmp_path: Path, validate: bool) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.touch()
    settings = parse_settings(params(**TOKEN, ca_path=str(bundle), validate_certs=validate))
    assert settings.verify == (str(bundle) if validate else False)


def test_validate_certs_false_disables_verify() -> None:
    assert parse_settings(params(**TOKEN, validate_certs=False)).verify is False


def test_ca_path_that_does_not_exist_fails(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"^ca_path is .*ca\.pem, which does not exist\. Set it to a file of CA certificates"
    ):
        parse_settings(params(**TOKEN, ca_path=str(tmp_path / "ca.pem")))


UNSENDABLE = [
    ("access_token", "s3cr3t\nvalue"),
    ("access_token", "s3cr3t\u20ac"),
    ("client_id", "s3cr3t\u20ac"),
    ("public_key", "s3cr3t\u20ac"),
    ("private_key", "s3cr3t\u20ac"),
]


@pytest.mark.parametrize(("name", "value"), UNSENDABLE)
def test_credentials_with_invalid_header_characters_fail(name: str, value: str) -> None:
    method = next(names for names in (TOKEN, ACCOUNT, KEY) if name in names)
    with pytest.raises(InputError) as refusal:
        credentials(**{**method, name: value})
    assert refusal.value.message.startswith(name)
    assert "s3cr3t" not in str(refusal.value)


CREDENTIALS = [(method, name) for method, one in METHODS.items() for name in one.options]


DEFAULTS = {"timeout": 1, "retry_timeout": 1, "api_version": "v2", "validate_certs": True}


@pytest.mark.parametrize(("method", "name"), CREDENTIALS)
@pytest.mark.parametrize("value", ["None", "null", "undefined", "False", "AnsibleUndefined"])
@pytest.mark.parametrize("by_environment", [False, True])
def test_credentials_with_placeholder_fail(
    monkeypatch: pytest.MonkeyPatch, method: str, name: str, value: str, by_environment: bool
) -> None:
    given = {**dict.fromkeys(METHODS[method].options, "mdb_sa_id_1"), name: value}
    if by_environment:
        for option, one in given.items():
            monkeypatch.setenv(ENVIRONMENT[option][0], one)
        given = {}
    with pytest.raises(InputError) as caught:
        parse_settings({**DEFAULTS, **given})
    assert str(caught.value) == (
        f"{name} is the word {value!r}, so its source is empty. Set the source, or remove {name}."
    )


def test_credentials_with_omit_placeholder_fail() -> None:
    with pytest.raises(InputError, match="access_token is Ansible's placeholder for omit"):
        parse_settings({**DEFAULTS, "access_token": "__omit_place_holder__8a7f"})


@pytest.mark.parametrize(
    ("number", "bound"),
    [(4, "at least 5 (seconds)"), (5, ""), (MOST, ""), (MOST + 1, f"at most {MOST}")],
)
def test_number_is_within_its_bounds(number: int, bound: str) -> None:
    if not bound:
        assert at_least(5, {"timeout": number}, "timeout", " (seconds)") == number
        return
    with pytest.raises(InputError) as refusal:
        at_least(5, {"timeout": number}, "timeout", " (seconds)")
    assert refusal.value.message == f"timeout is {number}, but it must be {bound}."
