# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module against a stub of Microsoft's APIs."""

from __future__ import annotations

import json
import shlex
from itertools import chain

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.atlasops.network.plugins.module_utils.azure.access import ACTIONS
from ansible_collections.atlasops.network.plugins.module_utils.azure.settings import ENVIRONMENT
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError
from ansible_collections.atlasops.network.plugins.modules import azure_vnet_peering_access as module
from azure_stub import AzureError, AzureStub
from support.run_playbook import ROOT

TENANT, SUBSCRIPTION = "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915", "8dec2d92-478d-bc50-cf99-d31b9e90a1c7"
CLIENT, SECRET = "0d1e2f3a-4b5c-4d6e-8f70-8192a3b4c5d6", "s3cret-that-nobody-sees"
ATLAS = "e90a1407-55c3-432d-9cb1-3638900a9d22"
NETWORK = {"subscription_id": SUBSCRIPTION, "resource_group": "app-production", "virtual_network": "app-vnet"}
ROLE = f"AtlasPeering/{SUBSCRIPTION}/app-production/app-vnet"
READ = "Application.Read.All"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch):
    for name in chain(*ENVIRONMENT.values()):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def azure():
    with AzureStub() as stub:
        yield stub


@pytest.fixture
def scope(azure):
    return azure.add_network(TENANT, SUBSCRIPTION, "app-production", "app-vnet", "10.20.0.0/16")


@pytest.fixture
def owner(azure, scope):
    return azure.add_application(TENANT, CLIENT, SECRET, Owner=f"/subscriptions/{SUBSCRIPTION}")


@pytest.fixture
def run(azure, scope):
    """Return a function that runs the module with some options and returns its result, also of a failure."""
    urls = dict.fromkeys(("authority_url", "resource_manager_url", "graph_url"), azure.url)
    credentials = {"tenant": TENANT, "client_id": CLIENT, "secret": SECRET}

    def run_with(check_mode=False, **options):
        given = {**urls, **credentials, **NETWORK, "retry_timeout": 1, "wait_timeout": 20, **options}
        outcome = ArgumentSpecValidator(module.SPEC).validate({k: v for k, v in given.items() if v is not None})
        assert not outcome.error_messages
        params = outcome.validated_parameters
        try:
            with module.connect(params) as client:
                result = module.run(params, check_mode, client)
        except AtlasError as error:
            result = {"failed": True, **error.as_result()}
        assert SECRET not in json.dumps(result)
        return result

    return run_with


def msg(result):
    assert result.get("failed"), result
    return result["msg"]


def writes(azure):
    return [(one.method, one.path.split("/")[-2 if one.method != "POST" else -1]) for one in azure.writes]


CREATED = [("POST", "servicePrincipals"), ("PUT", "roleDefinitions"), ("PUT", "roleAssignments")]


def test_check_fails_with_the_commands_that_create_what_is_missing(azure, owner, scope, run):
    failed = run()
    lines = msg(failed).splitlines()
    assert lines[0] == (
        f"MongoDB Atlas (application {ATLAS}) may not peer with virtual network app-production/app-vnet of "
        f"subscription {SUBSCRIPTION}. The directory has no service principal of application {ATLAS}. The role {ROLE} "
        "does not exist. No role allows it to. Set create to true, or run:"
    )
    principal, role, assignment = commands = failed["failure"]["commands"]
    assert lines[1:] == commands
    assert principal == f"az ad sp create --id {ATLAS}"
    *verb, definition = shlex.split(role)
    assert verb == ["az", "role", "definition", "create", "--role-definition"]
    assert json.loads(definition) == json.loads((ROOT / "examples" / "azure-peering-role.json").read_text())
    assert assignment == f"az role assignment create --assignee {ATLAS} --role {ROLE} --scope {scope}"
    assert (failed["failure"]["kind"], failed["changed"], azure.writes) == ("MissingAccessError", False, [])


def test_create_is_predicted_done_and_idempotent(azure, owner, run):
    predicted = run(check_mode=True, create=True)
    assert (predicted["changed"], predicted["access"]["principal_id"], azure.writes) == (True, None, [])
    created = run(create=True)
    assert created["changed"]
    principal = azure.directory.find(TENANT, ATLAS)
    assert created["access"] == {**predicted["access"], "principal_id": principal.id}
    assert (created["access"]["roles"], created["access"]["missing_actions"]) == ([ROLE], [])
    assert created["diff"]["before"]["missing_actions"] == list(ACTIONS)
    assert writes(azure) == CREATED
    for again in (run(), run(create=True)):
        assert (again["changed"], again["access"]) == (False, created["access"])
    assert len(azure.writes) == 3


def test_access_is_waited_for(azure, owner, run):
    """Neither the principal, nor the role, nor the assignment is known at once."""
    azure.directory.principal_lag, azure.manager.trusts_type = 1, False
    azure.manager.roles.role_lag = azure.manager.roles.assignment_lag = 1
    assert run(create=True, retry_timeout=0)["access"]["missing_actions"] == []
    assert [one.status for one in azure.writes if "roleAssignments" in one.path] == [400, 404, 201]
    assert not run()["changed"]


def test_new_principal_is_not_looked_for_by_its_assignment(azure, owner, run):
    azure.directory.principal_lag = 1
    assert run(create=True)["changed"]
    assert [one.status for one in azure.writes] == [201, 201, 201]


def test_access_that_stays_invisible_fails_and_has_changed(azure, owner, run):
    azure.manager.roles.assignment_lag = 99
    failed = run(create=True, wait_timeout=1)
    assert "Azure does not show it within 1 seconds. Run the task again, or raise wait_timeout." in msg(failed)
    assert (failed["changed"], failed["failure"]["kind"]) == (True, "IneffectiveAccessError")


@pytest.mark.parametrize("role", ["Network Contributor", "Owner"])
def test_access_by_another_role_or_a_group_counts(azure, owner, run, role):
    principal = azure.add_application(TENANT, ATLAS)
    azure.directory.groups = {"inner": {principal.id}, "outer": {"inner"}}
    azure.manager.roles.assign(role, "outer", f"/subscriptions/{SUBSCRIPTION}/resourceGroups/APP-production")
    found = run(create=True)
    assert (found["changed"], found["access"]["roles"]) == (False, [role])


@pytest.mark.parametrize(
    ("role", "missing"),
    [("Contributor", []), ("Reader", ["write", "delete", "action"]), ("User Access Administrator", ["x"] * 3)],
)
def test_missing_actions_are_those_that_no_role_allows(azure, owner, scope, run, role, missing):
    azure.assign(role, azure.add_application(TENANT, ATLAS), scope)
    result = run()
    if missing:
        assert f"It lacks {', '.join(ACTIONS[1:])}." in msg(result)
    else:
        assert result["access"]["missing_actions"] == []


def test_role_at_another_network_does_not_count(azure, owner, scope, run):
    azure.assign("Owner", azure.add_application(TENANT, ATLAS), f"{scope}-2")
    assert len(run()["failure"]["commands"]) == 2


@pytest.mark.parametrize(
    ("permissions", "missing"),
    [
        ({"actions": ["microsoft.network/VIRTUALNETWORKS/*"]}, []),
        ({"actions": ["*"], "notActions": ["Microsoft.Network/*/Write"]}, [ACTIONS[1]]),
        ({"actions": ["Microsoft.Network/virtualNetworks/virtualNetworkPeerings/*"]}, [ACTIONS[3]]),
        ({"actions": list(ACTIONS), "notActions": ["Microsoft.Network/virtualNetworks/peer"]}, []),
    ],
)
def test_actions_of_a_role_are_patterns(azure, owner, scope, run, permissions, missing):
    """As Azure reads them: whatever their case, and without those that are excluded."""
    definition = {"roleName": "Peering", "permissions": [permissions], "assignableScopes": [scope]}
    azure.manager.roles.put_role("6a1f1ed5-32a5-4b5b-a8a0-f3b5c9c7d1e0", definition)
    azure.assign("Peering", azure.add_application(TENANT, ATLAS), scope)
    result = run()
    if missing:
        assert f"It lacks {', '.join(missing)}." in msg(result)
    else:
        assert result["access"]["roles"] == ["Peering"]


def test_assignment_that_is_not_listed_yet_is_adopted(azure, owner, scope, run):
    """Somebody else has just assigned the role, under another name."""
    principal = azure.add_application(TENANT, ATLAS)
    azure.assign("Network Contributor", principal, scope)
    azure.manager.roles.assignments[-1].unseen = 2
    assert run(create=True, role_name="Network Contributor")["access"]["missing_actions"] == []
    assert [one.status for one in azure.writes] == [409]


def test_role_that_lacks_actions_gets_them(azure, owner, scope, run):
    guid = "6a1f1ed5-32a5-4b5b-a8a0-f3b5c9c7d1e0"
    permissions = [{"actions": [ACTIONS[0], "Microsoft.Network/*/read"], "notActions": [ACTIONS[2]]}]
    azure.manager.roles.put_role(
        guid, {"roleName": ROLE.upper(), "permissions": permissions, "assignableScopes": [scope]}
    )
    azure.assign(ROLE, azure.add_application(TENANT, ATLAS), scope)
    (command,) = run()["failure"]["commands"]
    assert command.startswith("az role definition update --role-definition")
    assert json.loads(shlex.split(command)[-1])["Id"] == guid
    assert run(create=True)["changed"]
    assert writes(azure) == [("PUT", "roleDefinitions")]
    assert azure.manager.roles.role(guid).permissions == [
        {"actions": [ACTIONS[0], "Microsoft.Network/*/read", *ACTIONS[1:]], "notActions": []}
    ]


def test_role_name_may_be_one_of_azure(azure, owner, scope, run):
    created = run(create=True, role_name="network contributor")
    assert created["access"]["roles"] == ["Network Contributor"]
    assert writes(azure) == [CREATED[0], CREATED[2]]
    assert run(state="absent", role_name="network contributor")["access"]["roles"] == []
    assert writes(azure)[2:] == [("DELETE", "roleAssignments")]


def test_role_of_that_name_elsewhere_is_reported(azure, owner, scope, run):
    azure.manager.roles.put_role(
        "6a1f1ed5-32a5-4b5b-a8a0-f3b5c9c7d1e0",
        {"roleName": "Atlas", "permissions": [{}], "assignableScopes": [f"{scope}-2"]},
    )
    failed = run(create=True, role_name="Atlas")
    assert "The directory has a role of this name that cannot be assigned on this virtual network." in msg(failed)
    assert failed["changed"], "the service principal was created"


def test_absent_revokes_what_was_granted(azure, owner, run):
    run(create=True)
    del azure.exchanges[:]
    predicted = run(check_mode=True, state="absent")
    assert (predicted["changed"], azure.writes) == (True, [])
    revoked = run(state="absent")
    assert (revoked["changed"], revoked["access"]) == (True, predicted["access"])
    assert writes(azure) == [("DELETE", "roleAssignments"), ("DELETE", "roleDefinitions")]
    assert not run(state="absent")["changed"]
    assert azure.directory.find(TENANT, ATLAS), "the service principal stays"
    assert not run(state="absent", virtual_network="gone")["changed"]
    assert "has no virtual network gone in resource group app-production." in msg(run(virtual_network="gone"))


@pytest.mark.parametrize(("path", "changed"), [("roleAssignments", False), ("roleDefinitions", True)])
def test_revocation_that_stops_reports_what_it_has_changed(azure, owner, run, path, changed):
    run(create=True)
    azure.fault("DELETE", path, error=AzureError(403, "AuthorizationFailed", "No."))
    failed = run(state="absent")
    assert "takes the role Owner or User Access Administrator on the virtual network." in msg(failed)
    assert failed["changed"] is changed
    assert run(state="absent")["changed"]


def test_deletion_of_something_else_is_not_believed(azure, owner, run):
    run(create=True)
    azure.fault("DELETE", "roleAssignments", body='{"name": "other"}')
    failed = run(state="absent")
    assert "the answer (something else) is not what Azure sends." in msg(failed)
    assert failed["changed"]


def test_absent_leaves_the_assignments_of_groups_and_of_other_scopes(azure, owner, scope, run):
    principal = azure.add_application(TENANT, ATLAS)
    azure.directory.groups = {"group": {principal.id}}
    azure.manager.roles.assign("Network Contributor", "group", scope)
    azure.assign("Network Contributor", principal, f"/subscriptions/{SUBSCRIPTION}")
    azure.assign("Reader", principal, scope)
    result = run(state="absent", role_name="Network Contributor")
    assert (result["changed"], azure.writes) == (False, [])


def test_principal_id_makes_graph_unnecessary(azure, scope, run):
    azure.add_application(TENANT, CLIENT, SECRET, permissions=(), Owner=scope)
    principal = azure.add_application(TENANT, ATLAS)
    assert "Application.Read.All of Microsoft Graph, or set principal_id" in msg(run())
    assert run(create=True, principal_id=principal.id)["changed"]
    wrong = run(create=True, principal_id=ATLAS, role_name="other")
    assert "PrincipalNotFound" in msg(wrong)
    assert "Check principal_id: it is the object ID" in msg(wrong)
    assert [one.status for one in azure.writes].count(400) == 1, "a service principal that was named is not a new one"


def test_missing_rights_fail_with_the_commands_for_somebody_else(azure, scope, run):
    """Of the directory first, then of the virtual network; what is done already is not among them."""
    account = azure.add_application(TENANT, CLIENT, SECRET, permissions=(READ,))
    assert "Microsoft.Network/virtualNetworks/read" in msg(run())
    assert "Grant the credentials the role Reader on the virtual network." in msg(run())
    azure.assign("Reader", account, scope)
    failed = run(create=True)
    assert "HTTP 403 Authorization_RequestDenied" in msg(failed)
    assert "the permission Application.ReadWrite.All of Microsoft Graph" in msg(failed)
    assert (len(failed["failure"]["commands"]), failed["changed"]) == (3, False)
    account.permissions = (READ, "Application.ReadWrite.OwnedBy")
    assert "must in the local tenant" in msg(run(create=True))
    account.permissions = ("Application.ReadWrite.All",)
    failed = run(create=True)
    assert "'Microsoft.Authorization/roleDefinitions/write'" in msg(failed)
    assert "takes the role Owner or User Access Administrator on the virtual network." in msg(failed)
    assert msg(failed).splitlines()[-2:] == failed["failure"]["commands"]
    assert failed["changed"]


def test_overlapping_block_is_refused(azure, owner, run):
    failed = run(create=True, peer_cidr_blocks=["192.168.248.0/21", "10.20.8.0/21"])
    assert msg(failed) == (
        "10.20.8.0/21 overlaps with 10.20.0.0/16 of virtual network app-production/app-vnet. Peered networks cannot "
        "overlap: choose another block for that of Atlas."
    )
    assert azure.writes == []
    assert "peer_cidr_blocks contains 'x'" in msg(run(peer_cidr_blocks=["x"]))


def test_disabled_service_principal_is_reported(azure, owner, run):
    run(create=True)
    azure.directory.find(TENANT, ATLAS).enabled = False
    assert f"az ad sp update --id {ATLAS} --set accountEnabled=true" in msg(run(create=True))
    assert run(state="absent")["changed"], "its access can be revoked"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"secret": "wrong"}, "AADSTS7000215: Invalid client secret provided for app"),
        ({"client_id": ATLAS}, "Check client_id and tenant: the application must exist in the directory"),
        ({"tenant": "example.org"}, "Check tenant: it is the ID or a domain name of a directory."),
        ({"subscription_id": ATLAS}, "Check subscription_id, and whether the credentials may see the subscription."),
        ({"resource_group": "other"}, "no virtual network app-vnet in resource group other."),
    ],
)
def test_wrong_names_and_credentials_have_hints(azure, owner, run, options, words):
    assert words in msg(run(**options))
    assert "Trace ID" not in msg(run(**options))


def test_tokens_replace_the_application(azure, scope, run):
    account = azure.add_application(TENANT, CLIENT, permissions=(READ,), Reader=scope)
    tokens = {"client_id": None, "secret": None, "tenant": None, "access_token": azure.add_token("t0ken", account)}
    missing = msg(run(**tokens))
    assert missing.startswith("graph_access_token is missing. Set it to a token of: az account get-access-token")
    tokens["graph_access_token"] = azure.add_token("gr4ph", account, "https://graph.microsoft.com")
    assert "The directory has no service principal" in msg(run(**tokens))
    assert "access token is for one directory and one service" in msg(run(**{**tokens, "access_token": "gr4ph"}))
    azure.manager.tenants[SUBSCRIPTION] = "another"
    assert "InvalidAuthenticationTokenTenant" in msg(run(**tokens))


def test_lists_are_read_page_by_page(azure, owner, scope, run):
    principal = azure.add_application(TENANT, ATLAS)
    for role in ("Reader", "User Access Administrator", "Network Contributor"):
        azure.assign(role, principal, scope)
    azure.manager.page_size = 1
    assert len(run()["access"]["roles"]) == 3


def test_link_to_another_server_is_not_followed(azure, owner, run):
    azure.fault("GET", "servicePrincipals", body=json.dumps({"value": [], "@odata.nextLink": "https://evil.example/"}))
    assert "the answer (a link to another server) is not what Microsoft Graph sends" in msg(run())


@pytest.mark.parametrize("path", ["servicePrincipals", "roleDefinitions", "roleAssignments"])
@pytest.mark.parametrize("applied", [True, False])
def test_lost_or_failed_write_ends_as_if_nothing_had_happened(azure, owner, run, path, applied):
    """A PUT is repeated; a POST is looked up, and the task fails if it has had no effect."""
    azure.fault("POST" if path == "servicePrincipals" else "PUT", path, applied=applied)
    result = run(create=True)
    if path == "servicePrincipals" and not applied:
        assert result["failure"]["outcome_unknown"]
        result = run(create=True)
    assert (result["changed"], result["access"]["missing_actions"]) == (True, [])
    assert not run()["changed"]


@pytest.mark.parametrize("lag", [0, 2])
def test_principal_of_an_interrupted_run_is_used(azure, owner, run, lag):
    """Its creation is refused, because it exists, and the directory lists it later."""
    azure.directory.principal_lag = lag
    azure.fault("PUT", "roleDefinitions", error=AzureError(400, "Stop", "The run ends here."))
    assert "The run ends here." in msg(run(create=True))
    assert run(create=True)["changed"]
    assert len([one for one in azure.directory.principals if one.application_id == ATLAS]) == 1


def test_server_error_is_retried_and_reported(azure, owner, run):
    for _each in range(2):
        azure.fault("GET", "virtualNetworks", error=AzureError(503, "ServerTimeout", "Busy."))
    azure.fault("PUT", "roleDefinitions", error=AzureError(500, "InternalServerError", "Broken."))
    assert run(create=True, retry_timeout=10)["changed"]
    azure.fault("GET", "virtualNetworks", error=AzureError(503, "ServerTimeout", "Busy."))
    assert "Microsoft has a problem: run the task again." in msg(run(retry_timeout=0))


def test_wrong_answer_is_not_believed(azure, owner, run):
    for path, body in (
        ("virtualNetworks/app-vnet$", "{}"),
        ("servicePrincipals", '{"value": [{"appId": "x"}]}'),
        ("servicePrincipals", '{"value": 5}'),
        ("roleDefinitions", '{"value": [{"properties": {}}]}'),
        ("virtualNetworks", "<html>"),
    ):
        azure.fault("GET", path, body=body)
        assert "and whether a proxy or login page answers in place of" in msg(run(create=True)), path
    azure.fault("POST", "/token", body="{}")
    assert "Check authority_url" in msg(run())
    assert azure.writes == []
