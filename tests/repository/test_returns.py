# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Results as the modules document them, against what they return.

ansible-core cannot take RETURN from a fragment, so a record is documented once, by the module for one of them, and the
others refer to that and show a sample.
"""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import yaml

from ansible_collections.atlasops.network.plugins.module_utils.azure import access
from ansible_collections.atlasops.network.plugins.module_utils.engine import drift_report
from ansible_collections.atlasops.network.plugins.module_utils.engine.reading import ProjectRead
from ansible_collections.atlasops.network.plugins.module_utils.gcp import peering
from ansible_collections.atlasops.network.plugins.module_utils.model import drift
from ansible_collections.atlasops.network.plugins.module_utils.model.access_list import ACCESS_LIST_ENTRY
from support import samples

RECORDS = {"peering": samples.record, "container": samples.container_record}
ENTRY = ACCESS_LIST_ENTRY.normalise({"cidrBlock": "10.15.0.0/16"}, samples.PROJECT)

#: Where lists of records are documented by a sample: module, result, kind of record, keys that the list adds.
LISTS = [
    ("atlas_peering_info", "peerings", "peering", set()),
    ("atlas_peering_set", "peerings", "peering", {"action", "failure"}),
    ("atlas_peering_wait", "peerings", "peering", {"failure"}),
    ("atlas_container_info", "containers", "container", set()),
]


@pytest.fixture(scope="module")
def returns(documented):
    return {
        name: content["return"] if isinstance(content["return"], dict) else yaml.safe_load(content["return"])
        for name, content in documented["module"].items()
    }


def of_cloud(entries, cloud):
    """Return the names of the documented keys that a record of a cloud has."""
    return {name for name, entry in entries.items() if entry.get("returned", cloud).count(cloud)}


@pytest.mark.parametrize("cloud", samples.NAMES)
@pytest.mark.parametrize("kind", RECORDS)
def test_module_return_documents_exactly_record_keys(returns, kind, cloud):
    documented_keys = of_cloud(returns[f"atlas_{kind}"][kind]["contains"], cloud)
    assert documented_keys == set(RECORDS[kind](cloud))


@pytest.mark.parametrize(("module", "result", "kind", "added"), LISTS)
def test_list_return_sample_has_exactly_record_keys(returns, module, result, kind, added):
    (sample,) = returns[module][result]["sample"]
    assert set(sample) == set(RECORDS[kind](sample["provider_name"])) | added


@pytest.mark.parametrize(("module", "result", "kind", "added"), LISTS)
def test_list_return_refers_to_record_documentation(returns, module, result, kind, added):
    assert f"RV(atlasops.network.atlas_{kind}#module:{kind})" in " ".join(returns[module][result]["description"])


def test_report_return_documents_exactly_its_keys(returns):
    now = datetime.now(timezone.utc)
    compared = drift.compare([], [samples.record("AWS")], [samples.container_record("AWS")], now)
    project = ProjectRead(project_id=samples.PROJECT, project_name=None, positions=[], content=compared)
    report = drift_report.as_result([], [project], now)["report"]
    entries = returns["atlas_peering_report"]["report"]["contains"]
    assert set(entries) == set(report)
    assert set(entries["connections"]["contains"]) == set(report["connections"][0])


def test_access_list_return_documents_exactly_its_keys(returns):
    documented_keys = returns["atlas_access_list"]["access_list"]["contains"]
    assert set(documented_keys) == {*ENTRY, "action", "failure"}
    described = returns["atlas_access_list_info"]["access_list"]
    assert [set(one) for one in described["sample"]] == [set(ENTRY)]
    assert "RV(atlasops.network.atlas_access_list#module:access_list)" in " ".join(described["description"])


def test_azure_access_return_documents_exactly_its_keys(returns):
    network = access.VirtualNetwork("subscription", "group", "network")
    record = access.Existing(()).as_record(access.Desired(network, "application", "", "role"))
    assert set(returns["azure_vnet_peering_access"]["access"]["contains"]) == set(record)


def test_gcp_peering_return_documents_exactly_its_keys(returns):
    record = peering.normalise(peering.Network("my-project", "default"), {})
    assert set(returns["gcp_compute_network_peering"]["peering"]["contains"]) == set(record)


def test_failure_return_refers_to_failure_documentation(returns):
    missing = [
        name
        for name, results in returns.items()
        if name != "atlas_peering"
        and "RV(atlasops.network.atlas_peering#module:failure)" not in str(results["failure"]["description"])
    ]
    assert missing == []
