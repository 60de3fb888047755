# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new option, field or cloud still lacks, by name: documentation, tests, changelog, samples, surveys, pages."""

from __future__ import annotations

import importlib
import re

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.model.clouds import CLOUDS
from ansible_collections.atlasops.network.plugins.plugin_utils import role_task, wait_task
from simulator.domain import clouds as simulated
from support import samples
from support.awx_data import SURVEYS

# Modules whose action plugin has the argument spec.
SPECS_OF_ACTIONS = {"atlas_peering_role": role_task.OPTIONS, "atlas_peering_wait": wait_task.SPEC}
MODULES = "ansible_collections.atlasops.network.plugins.modules"
COMPARED = ("type", "elements", "choices", "default", "required", "aliases")
# Options without a line of their own in the changelog: they came with their modules in the first release.
OF_THE_FIRST_RELEASE = {
    *("access_token", "client_id", "client_secret", "public_key", "private_key", "token_cache", "base_url"),
    *("api_version", "timeout", "retry_timeout", "validate_certs", "ca_path", "project_id", "max_workers", "peer_id"),
    *("aws_account_id", "vpc_id", "azure_directory_id", "azure_subscription_id", "resource_group_name", "vnet_name"),
    *("gcp_project_id", "recreate_timeout", "peer_limit", "pending_limit", "interval"),
    # gcp_compute_network_peering
    *("auth_kind", "service_account_contents", "service_account_email", "service_account_file", "peer_project"),
    *("impersonate_service_account", "export_custom_routes", "import_custom_routes"),
    *("export_subnet_routes_with_public_ip", "import_subnet_routes_with_public_ip"),
}


@pytest.fixture(scope="module")
def specs(root):
    """Return the argument spec of each module, {module: {option: its spec}}."""
    names = sorted(path.stem for path in (root / "plugins" / "modules").glob("*.py"))
    modules = {name: importlib.import_module(f"{MODULES}.{name}") for name in names}
    return {name: SPECS_OF_ACTIONS.get(name) or one.SPEC for name, one in modules.items()}


def nothing(found, advice=""):
    """Fail with everything that was found, one a line, and what to do."""
    assert not [*found], "\n".join([advice, *map(str, found)])


def undocumented(spec, options, where):
    """Yield what the documentation lacks, has beyond the spec, or states differently."""
    for name in sorted({*spec} | {*options}):
        if name not in options:
            yield f"{where}: option {name} is not documented; see plugins/doc_fragments"
        elif name not in spec:
            yield f"{where}: {name} is documented, but is not an option"
        else:
            yield from _differences(spec[name], options[name], f"{where}: option {name}")


def _differences(option, described, where):
    for key in COMPARED:
        stated, said = option.get(key), described.get(key)
        if (stated or None) != (said or None):
            yield f"{where} has {key} {stated}, but is documented with {said}"
    yield from undocumented(option.get("options", {}), described.get("suboptions", {}), where)


def names_in(spec):
    for name, option in spec.items():
        yield name
        yield from names_in(option.get("options", {}))


def unnamed(names, text):
    """Return those of the names that a text lacks as words; those of the role and of variables begin otherwise."""
    return sorted(name for name in names if not re.search(rf"(?<![a-z0-9]){name}(?![a-z0-9_])", text))


def test_every_option_is_documented_as_specified(specs, documented):
    modules = documented["module"]
    nothing([one for name, spec in specs.items() for one in undocumented(spec, modules[name]["doc"]["options"], name)])


def test_every_option_is_named_by_a_test(specs, root, texts):
    """Fields of clouds are named by the samples, which the tests of all clouds use."""
    folders = [root / "tests" / name for name in ("unit/plugins", "integration", "contract", "clouds", "support")]
    written = "\n".join(text for path, text in texts.items() if any(one in path.parents for one in folders))
    nothing(
        unnamed({name for spec in specs.values() for name in names_in(spec)}, written), "No test names these options:"
    )


def test_every_option_is_in_the_changelog(specs, root):
    written = "\n".join(path.read_text() for path in (root / "changelogs").rglob("*.y*ml"))
    names = {name for spec in specs.values() for name in names_in(spec)}
    nothing(unnamed(names - OF_THE_FIRST_RELEASE, written), "No fragment in changelogs/fragments names these options:")


def without_version(module, doc, released, version):
    """Yield the options that an earlier release of the module did not have and that do not state their version."""
    if not released or doc["version_added"] == version:
        return
    for name in unnamed(set(doc["options"]) - OF_THE_FIRST_RELEASE, released):
        if doc["options"][name].get("version_added") != version:
            yield f"{module}: option {name} needs version_added: {version}"


def test_option_added_after_release_has_version_added(documented, root):
    version = yaml.safe_load((root / "galaxy.yml").read_text())["version"]
    changelog = root / "changelogs" / "changelog.yaml"
    released = changelog.read_text() if changelog.exists() else ""
    modules = documented["module"].items()
    nothing([one for name, module in modules for one in without_version(name, module["doc"], released, version)])


def test_missing_version_added_is_found():
    doc = {"version_added": "0.1.0", "options": {"old": {}, "new": {}, "newer": {"version_added": "0.2.0"}}}
    assert [*without_version("m", doc, "adds old", "0.2.0")] == ["m: option new needs version_added: 0.2.0"]
    assert [*without_version("m", doc, "", "0.2.0")] == []
    assert [*without_version("m", doc, "adds old", "0.1.0")] == []


def test_undocumented_option_is_found():
    spec = {"size": {"type": "int"}, "parts": {"options": {"bulk": {}}}, "kind": {"choices": ["a", "b"]}}
    options = {"size": {"type": "str"}, "parts": {"suboptions": {}}, "kind": {"choices": ["a", "b"]}, "gone": {}}
    assert [*undocumented(spec, options, "m")] == [
        "m: gone is documented, but is not an option",
        "m: option parts: option bulk is not documented; see plugins/doc_fragments",
        "m: option size has type int, but is documented with str",
    ]
    assert unnamed({"size", "bulk", "kind"}, "atlas_size: 1, bulky, kind_of") == ["bulk", "kind"]


@pytest.mark.parametrize("name", CLOUDS)
def test_every_cloud_has_samples(name):
    """See tests/support/samples.py; the tests of all clouds are made of them."""
    fields = [field.option for field in CLOUDS[name].peering.fields]
    missing = [f"OPTIONS[{name}]: {option}" for option in fields if option not in samples.OPTIONS.get(name, {})]
    missing += [f"OTHER_VALUES: {option}" for option in fields if option not in samples.OTHER_VALUES]
    missing += [f"CONTAINERS[{name}]"] if name not in samples.CONTAINERS else []
    nothing(missing, "tests/support/samples.py lacks:")


@pytest.mark.parametrize("name", CLOUDS)
def test_every_cloud_is_simulated(name):
    """See tests/simulator/domain/clouds.py."""
    nothing({name} - set(simulated.CLOUDS), "tests/simulator/domain/clouds.py lacks:")
    fields = {field.api for field in CLOUDS[name].peering.fields} - {"containerId"}
    nothing(fields - set(simulated.CLOUDS[name].attributes), "The simulator does not know these fields:")
    nothing(set(simulated.CLOUDS[name].transitions) - set(CLOUDS[name].phases), "These statuses have no phase:")


@pytest.mark.parametrize("survey", [name for name, one in SURVEYS.items() if "connection_provider_name" in str(one)])
def test_surveys_offer_every_cloud_and_ask_for_its_identity(survey):
    """See roles/atlas_awx/vars/main/surveys.yml."""
    questions = {one["variable"]: one for one in SURVEYS[survey]["spec"]}
    nothing(set(CLOUDS) - set(questions["connection_provider_name"]["choices"]), "The survey does not offer:")
    identity = {field.option for cloud in CLOUDS.values() for field in cloud.peering.identity}
    nothing({f"connection_{name}" for name in identity} - set(questions), "The survey does not ask for:")


@pytest.mark.parametrize("name", CLOUDS)
def test_every_cloud_has_example_guide_and_tag(name, root):
    """Each cloud has an example, a guide, a tag, and is named where people learn what the collection does."""
    metadata = yaml.safe_load((root / "galaxy.yml").read_text())
    pages = ["README.md", "roles/atlas_peering/README.md", "docs/docsite/rst/support.rst"]
    shown = {page: (root / page).read_text() for page in pages}
    shown |= {"galaxy.yml, description": metadata["description"], "galaxy.yml, tags": " ".join(metadata["tags"])}
    silent = [where for where, text in shown.items() if not re.search(rf"\b{name}\b", text, re.IGNORECASE)]
    nothing(silent, f"{name} is not named in:")
    files = [f"examples/{name.lower()}.yml", f"docs/docsite/rst/guide_{name.lower()}.rst"]
    nothing([file for file in files if not (root / file).is_file()], "These files are missing:")
