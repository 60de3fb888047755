# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module against a stub of Google's Compute API, with the real google-auth."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from importlib import import_module
from itertools import chain

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.module_utils.gcp.settings import ENVIRONMENT
from ansible_collections.atlasops.network.plugins.modules import gcp_compute_network_peering as module
from compute_stub import ComputeStub
from compute_stub.errors import CONFLICT, ComputeError

pytest.importorskip("google.auth", reason="google-auth is not installed")

OURS, ATLAS = ("my-project", "default"), ("p-1a2b3c", "nt-4d5e6f")
OPTIONS = {"project": OURS[0], "network": OURS[1], "peer_project": ATLAS[0], "peer_network": ATLAS[1]}
NAME = "atlas-nt-4d5e6f"
FORM = {"name": NAME, "project": OURS[0], "network": OURS[1], "peer_project": ATLAS[0], "peer_network": ATLAS[1]}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch, tmp_path):
    for name in (*chain(*ENVIRONMENT.values()), "GOOGLE_APPLICATION_CREDENTIALS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "")  # google-auth would ask gcloud


@pytest.fixture
def google():
    with ComputeStub() as stub:
        stub.add_network(*OURS, "10.128.0.0/20")
        stub.add_network(*ATLAS, "192.168.0.0/18")
        stub.add_token("t0ken")
        yield stub


@pytest.fixture
def run(google):
    """Return a function that runs the module with some options and returns its result, also of a failure."""

    def run_with(check_mode=False, **options):
        given = {"base_url": google.url, "access_token": "t0ken", "retry_timeout": 1, **OPTIONS, **options}
        outcome = ArgumentSpecValidator(module.SPEC).validate({k: v for k, v in given.items() if v is not None})
        assert not outcome.error_messages
        params = outcome.validated_parameters
        try:
            with module.connect(params) as client:
                return module.run(params, check_mode, client)
        except AtlasError as error:
            return {"failed": True, **error.as_result()}

    return run_with


def msg(result):
    assert result.get("failed"), result
    return result["msg"]


def test_present_and_absent_are_idempotent(google, run):
    predicted = run(check_mode=True)
    assert (predicted["changed"], predicted["peering"]["name"], google.writes) == (True, NAME, [])
    created = run()
    assert created["changed"]
    assert created["peering"]["state"] == "INACTIVE"
    unknown = {"state": None, "state_details": None}
    assert predicted["peering"] == {**created["peering"], **unknown}
    assert created["diff"] == {"before": {}, "after": created["peering"]}
    assert run(project=ATLAS[0], network=ATLAS[1], peer_project=OURS[0], peer_network=OURS[1])["changed"]
    second = run()
    assert (second["changed"], second["peering"]["state"]) == (False, "ACTIVE")
    assert second["diff"]["before"] == second["diff"]["after"]
    assert (run(check_mode=True, state="absent")["changed"], len(google.writes)) == (True, 2)
    deleted = run(state="absent")
    assert (deleted["changed"], deleted["peering"], deleted["diff"]["after"]) == (True, FORM, {})
    assert not run(state="absent")["changed"]
    assert google.peerings(*OURS) == []


def test_network_options_accept_self_links(google, run):
    links = {"project": None, "peer_project": None}
    links["network"] = f"https://www.googleapis.com/compute/v1/projects/{OURS[0]}/global/networks/{OURS[1]}"
    links["peer_network"] = f"projects/{ATLAS[0]}/global/networks/{ATLAS[1]}"
    assert FORM.items() <= run(**links)["peering"].items()
    assert not run()["changed"]


def test_project_defaults_to_environment(google, run, monkeypatch):
    monkeypatch.setenv("GCP_PROJECT", OURS[0])
    assert FORM.items() <= run(project=None)["peering"].items()


def test_route_options_are_updated_only_if_given(google, run):
    run(export_custom_routes=True)
    assert google.peerings(*OURS)[0]["exportCustomRoutes"] is True
    assert not run()["changed"]
    changed = run(export_custom_routes=False, import_subnet_routes_with_public_ip=True)
    assert changed["changed"]
    assert changed["diff"]["before"]["export_custom_routes"] is True
    (peering,) = google.peerings(*OURS)
    assert (peering["exportCustomRoutes"], peering["importSubnetRoutesWithPublicIp"]) == (False, True)
    assert google.writes[-1].method == "PATCH"
    assert not run(export_custom_routes=False, export_subnet_routes_with_public_ip=True)["changed"]


def test_absent_by_name_deletes_peering(google, run):
    run()
    assert run(state="absent", name=NAME, peer_project=None, peer_network=None)["peering"] == FORM


def test_other_operations_are_waited_for(google, run):
    """Of the own network, and of the one that it is peered with."""
    google.occupy(*ATLAS, 0.6)
    assert run()["changed"]
    assert [one.status for one in google.writes].count(400) >= 1
    assert len({one.query["requestId"] for one in google.writes}) == len(google.writes)
    google.api.operations.duration = 0.3
    assert run(state="absent")["changed"]


def test_endless_other_operation_fails_after_wait_timeout(google, run):
    google.occupy(*OURS, 60)
    assert msg(run(wait_timeout=1)) == (
        f"Could not create peering {NAME} of network my-project/default: Google answered HTTP 400 badRequest: "
        f"{CONFLICT} Another peering operation on one of the two networks goes on for longer than wait_timeout. Run "
        "the task again later, or raise wait_timeout."
    )


def test_endless_own_operation_fails_after_wait_timeout(google, run):
    google.api.operations.duration = 60
    failed = run(wait_timeout=1)
    assert "Google has not finished operation-" in msg(failed)
    assert (failed["changed"], failed["failure"]["outcome_unknown"]) == (True, True)


def test_operation_ending_with_conflict_is_retried(google, run):
    google.fault("POST", "addPeering", body=json.dumps({"name": "o", "status": "DONE", "error": conflict()}))
    assert run()["changed"]


def conflict():
    return {"errors": [{"code": "RESOURCE_NOT_READY", "message": CONFLICT}]}


def test_lost_write_is_retried_with_same_request_id(google, run):
    """Google ignores what it has seen, so that nothing is done twice."""
    google.fault("POST", "addPeering", applied=True)
    assert run()["changed"]
    assert [one.status for one in google.writes] == [None, 200]
    assert len({one.query["requestId"] for one in google.writes}) == 1
    assert len(google.peerings(*OURS)) == 1


def test_server_error_is_retried(google, run):
    google.fault("GET", "networks", error=ComputeError(503, "backendError", "Try later"))
    google.fault("PATCH", "updatePeering", error=ComputeError(503, "backendError", "Try later"))
    run()
    assert run(export_custom_routes=True)["changed"]


def test_failed_operation_read_has_unknown_outcome(google, run):
    google.api.operations.duration = 0.5
    google.fault("GET", "operations", error=ComputeError(403, "forbidden", "Required 'compute.globalOperations.get'"))
    failed = run()
    assert "roles/compute.networkViewer" in msg(failed)
    assert (failed["changed"], failed["failure"]["outcome_unknown"]) == (True, True)
    assert len(google.writes) == 1


def test_failed_read_after_write_is_changed(google, run):
    google.fault("GET", "networks/default$", error=ComputeError(403, "forbidden", "No more"), skip=1)
    failed = run()
    assert "No more" in msg(failed)
    assert (failed["changed"], len(google.peerings(*OURS))) == (True, 1)


def test_unreadable_write_response_has_unknown_outcome(google, run):
    google.fault("POST", "addPeering", body="<html>")
    failed = run()
    assert "is not what the Compute API sends" in msg(failed)
    assert (failed["changed"], failed["failure"]["outcome_unknown"]) == (True, True)


@pytest.mark.parametrize("body", ["<html>", "[]", "{}", '{"name": "default", "peerings": [{}]}', '{"name": "other"}'])
def test_unreadable_response_fails(google, run, body):
    google.fault("GET", "networks", body=body)
    failed = run(state="absent")
    assert "Check base_url, and whether a proxy or login page answers in place of Google." in msg(failed)
    assert not failed["changed"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"network": "typo"}, "GCP project my-project has no network typo. Check project and network."),
        ({"project": "no-such-project"}, "Check project, and whether the credentials may see it."),
        ({"network": "Default"}, "network is 'Default', but must be the name of a GCP VPC network, or its self link."),
        ({"network": False}, "network is False, which may not be what was written."),
        ({"project": "My_Project"}, "project is 'My_Project', but must be the id of a GCP project"),
        ({"project": None}, "project is missing."),
        ({"peer_project": None}, "peer_project is missing."),
        ({"peer_network": ""}, "peer_network is missing."),
        ({"peer_project": None, "peer_network": None}, "Set them to atlas_gcp_project_id and atlas_network_name"),
        ({"peer_project": OURS[0], "peer_network": OURS[1]}, "A network cannot be peered with itself."),
        ({"peer_network": "projects/p-other0/global/networks/n"}, "but peer_network belongs to project p-other0"),
        ({"name": "UPPER"}, "name is 'UPPER', but must be a name of up to 63"),
        ({"wait_timeout": -1}, "wait_timeout is -1, but it must be at least 0 (seconds)."),
        ({"access_token": "unknown"}, "Check the credentials: an access token is valid for one hour."),
    ],
)
def test_invalid_options_fail_without_writing(google, run, options, words):
    failed = run(**options)
    assert words in msg(failed)
    assert (failed["changed"], google.writes) == (False, [])


def test_name_of_peering_to_other_network_fails(google, run):
    google.add_network("other-project", "vpc", "172.16.0.0/16")
    run(name="shared", peer_project="other-project", peer_network="vpc")
    for state in ("present", "absent"):
        assert "The peering shared of network my-project/default leads to other-project/vpc" in msg(
            run(name="shared", state=state)
        )
    assert len(google.peerings(*OURS)) == 1


def test_absent_with_missing_network_is_unchanged(run):
    assert not run(network="gone", state="absent")["changed"]
    assert msg(run(project="no-such-project", state="absent"))


def test_overlapping_ip_ranges_fail_with_error_of_google(google, run):
    google.add_network(*ATLAS, "10.128.0.0/18")
    failed = run()
    assert "overlaps with an IP range in the local network (10.128.0.0/20)" in msg(failed)
    assert "choose a network with other ranges, or an Atlas container with another atlas_cidr_block" in msg(failed)
    assert not failed["changed"]


def test_peering_quota_exceeded_fails_with_hint(google, run):
    google.api.networks.peerings_per_network = 0
    assert "Delete peerings of the network that are no longer used" in msg(run())


def test_missing_write_permission_fails_with_hint(google, run):
    google.add_token("viewer", "viewer")
    assert run(access_token="viewer", check_mode=True)["changed"]
    assert "Required 'compute.networks.addPeering' permission" in msg(run(access_token="viewer"))
    assert "(roles/compute.networkAdmin) in project my-project" in msg(run(access_token="viewer"))


def test_missing_read_permission_is_never_treated_as_absent(google, run):
    google.add_token("stranger", "admin", projects=("elsewhere",))
    assert "roles/compute.networkViewer" in msg(run(access_token="stranger", state="absent"))


# Credentials


@pytest.fixture(scope="session")
def private_key():
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    pem, pkcs8, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return rsa.generate_private_key(65537, 2048).private_bytes(pem, pkcs8, plain).decode()


@pytest.fixture
def key(google, private_key):
    google.add_service_account("peering@my-project.iam.gserviceaccount.com")
    return {
        "type": "service_account",
        "client_email": "peering@my-project.iam.gserviceaccount.com",
        "private_key": private_key,
        "private_key_id": "1",
        "token_uri": f"{google.url}/token",
    }


def test_service_account_file_is_accepted(run, key, tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key))
    assert run(access_token=None, service_account_file=str(path))["changed"]
    assert not run(access_token=None, service_account_contents=json.dumps(key))["changed"]
    monkeypatch.setenv("GCP_SERVICE_ACCOUNT_FILE", str(path))
    assert not run(access_token=None)["changed"]


def test_application_default_credentials(run, key, tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    path.write_text(json.dumps(key))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    assert run(access_token=None)["changed"]


@pytest.mark.parametrize("variable", [None, "/nowhere/key.json"])
def test_missing_credentials_fail(run, monkeypatch, variable):
    if variable:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", variable)
    text = msg(run(access_token=None))
    assert text.startswith("There are no usable Google credentials: ")
    assert "gcloud auth application-default login" in text
    assert (variable or "") in text


def test_deleted_service_account_fails(google, run, key):
    google.api.access.service_accounts.clear()
    text = msg(run(access_token=None, service_account_contents=json.dumps(key)))
    assert text.startswith("Google refused the credentials: invalid_grant: Invalid grant: account not found. Check")


def test_damaged_private_key_fails_without_showing_it(run, key):
    damaged = {**key, "private_key": "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n"}
    text = msg(run(access_token=None, service_account_contents=json.dumps(damaged)))
    assert "its private_key is damaged" in text
    assert "s3cret" not in text


def test_unreachable_token_endpoint_fails(run, key):
    broken = {**key, "token_uri": "http://127.0.0.1:9/token"}
    text = msg(run(access_token=None, service_account_contents=json.dumps(broken)))
    assert "Google could not be asked for a token" in text


def test_impersonated_service_account_is_used(google, run, key, monkeypatch):
    """The credentials exchange their token for one of the other account, which then does the work."""
    impersonated = import_module("google.auth.impersonated_credentials")
    seen = set()

    def refresh(self, request):
        self._source_credentials.before_request(request, "POST", google.url, {})
        seen.add((self._target_principal, self._source_credentials.token, tuple(self._target_scopes)))
        self.token = google.add_token("impersonated")

    monkeypatch.setattr(impersonated.Credentials, "refresh", refresh)
    options = {"access_token": None, "service_account_contents": json.dumps(key)}
    assert run(**options, impersonate_service_account="admin@my-project")["changed"]
    assert seen == {
        ("admin@my-project", f"token-of-{key['client_email']}", ("https://www.googleapis.com/auth/compute",))
    }


def test_missing_google_auth_fails(run, monkeypatch):
    credentials = sys.modules["ansible_collections.atlasops.network.plugins.module_utils.gcp.credentials"]
    monkeypatch.setattr(credentials, "GOOGLE_AUTH_TRACEBACK", "Traceback")
    text = msg(run())
    assert text.startswith("Failed to import the required Python library (google-auth)")


@contextmanager
def googles_own_client(google):
    """Yield Google's client for Python, which finds its description of the API in its own package."""
    discovery = pytest.importorskip("googleapiclient.discovery", reason="google-api-python-client is not installed")
    credentials = import_module("google.oauth2.credentials").Credentials("t0ken")
    endpoint = {"api_endpoint": f"{google.url}/compute/v1/"}
    with discovery.build("compute", "v1", credentials=credentials, client_options=endpoint) as compute:
        yield compute


def test_stub_accepts_client_library_of_google(google, run):
    ours = {"project": OURS[0], "network": OURS[1]}
    with googles_own_client(google) as compute:
        peering = {"name": NAME, "network": f"projects/{ATLAS[0]}/global/networks/{ATLAS[1]}"}
        operation = compute.networks().addPeering(**ours, body={"networkPeering": peering}).execute()
        done = compute.globalOperations().wait(project=OURS[0], operation=operation["name"]).execute()
        assert done["status"] == "DONE"
        assert not run()["changed"]
        network = compute.networks().get(**ours).execute()
        assert network["peerings"] == google.peerings(*OURS)
        compute.networks().updatePeering(
            **ours, body={"networkPeering": {"name": NAME, "exportCustomRoutes": True}}
        ).execute()
        assert run()["peering"]["export_custom_routes"] is True
        compute.networks().removePeering(**ours, body={"name": NAME}).execute()
        assert compute.networks().list(project=OURS[0]).execute()["items"][0].get("peerings") is None
