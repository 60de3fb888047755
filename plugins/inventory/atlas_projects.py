# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: atlas_projects
short_description: MongoDB Atlas projects as inventory hosts
version_added: 1.0.0
author:
  - atlasops.network contributors (@atlasops)
description:
  - Creates one host for each MongoDB Atlas project that the credentials can access, with the variables
    C(atlas_project_id), C(atlas_project_name), C(atlas_org_id), C(atlas_org_name), C(atlas_tags) (a dictionary),
    C(atlas_cluster_count) and C(atlas_created).
  - The name of a source file must end with C(atlas_projects.yml) or C(atlas_projects.yaml).
extends_documentation_fragment:
  - atlasops.network.atlas
  - atlasops.network.atlas.workers
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description:
      - Marks the file as a source of this plugin.
    type: str
    required: true
    choices: [atlasops.network.atlas_projects]
  org_id:
    description:
      - Only projects of the organization with this ID, 24 hexadecimal characters.
      - If unset or empty, the environment variable E(MONGODB_ATLAS_ORG_ID) is used. If that is not set either, projects
        of all organizations are included.
    type: str
  name_patterns:
    description:
      - Only projects whose name matches one of these shell patterns, and none of those with a leading V(!). Patterns
        are case-sensitive.
      - If there are no patterns without a leading V(!), all names match.
    type: list
    elements: str
    default: []
  tags:
    description:
      - Only projects that have all of these tags, each with the given value or one of a list of values.
    type: dict
    default: {}
  hostname:
    description:
      - How to name the hosts.
      - V(name) - by the name of the project. All characters except letters, digits, C(_), C(-) and C(.) are replaced by
        C(_), because Ansible and AWX treat spaces, commas and colons as separators.
      - If several hosts would have the same name, or a host would have none or be named C(all), C(ungrouped),
        C(localhost) or C(127.0.0.1), C(_) and the project ID are appended, and a warning is issued. Set O(org_id), or
        V(id), to avoid that.
      - V(id) - by the project ID, which is unique across all sources. Use it in AWX if sources belong to several
        organizations, because AWX merges hosts of the same name from several sources.
    type: str
    choices: [name, id]
    default: name
  connections:
    description:
      - Whether to read the network peering connections of the projects, for the variable C(atlas_connections), a list
        with the keys of RV(atlasops.network.atlas_peering_info#module:peerings) except C(next_action).
      - If the connections of a project cannot be read, a warning states why, and the variable of its host is undefined.
        With O(strict=true), groups that use it are then an error.
    type: bool
    default: false
notes:
  - String options other than paths may be templates, such as a lookup, and may be encrypted with Ansible Vault. Extra
    variables are the only variables that are available while an inventory is read.
  - Makes one request for every 500 projects and one for the names of the organizations. C(atlas_org_name) is null if
    the credentials are not allowed to list them. With O(connections), makes one for the connections of each project and
    cloud provider, and one more for the containers of a project while a request waits for them.
  - The cache contains all projects, and the connections of those that have passed the filters, so that changed filters
    take effect immediately. It contains no secrets.
  - Unknown keys in the source file are an error.
  - If the source fails, Ansible only warns and continues with an empty inventory. For scheduled runs, set the
    environment variable C(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED=true) to turn that into an error.
seealso:
  - ref: Using inventory plugins <inventory_plugins>
    description: How to use inventory sources with C(groups), C(keyed_groups) and C(compose).
"""

EXAMPLES = r"""
# fleet.atlas_projects.yml - all projects, with credentials from the environment
plugin: atlasops.network.atlas_projects

---
# Production projects except sandboxes, with a group for each team
plugin: atlasops.network.atlas_projects
org_id: 5f1a2b3c4d5e6f7a8b9c0d1e
client_id: "{{ lookup('ansible.builtin.env', 'FLEET_CLIENT_ID') }}"
client_secret: "{{ lookup('ansible.builtin.unvault', 'client_secret.vault') | trim }}"
name_patterns:
  - "*-production"
  - "!sandbox-*"
tags:
  environment: [production, dr]
keyed_groups:
  - key: atlas_tags.team
    prefix: team
groups:
  empty: atlas_cluster_count == 0
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/atlas_projects

---
# Projects with requests that nobody accepted in time, or that somebody must act on
plugin: atlasops.network.atlas_projects
connections: true
groups:
  has_expired_request: "'EXPIRED' in atlas_connections | map(attribute='error')"
  action_required: "'action_required' in atlas_connections | map(attribute='phase')"

---
# Connections derived from tags, for the playbook atlasops.network.fleet
plugin: atlasops.network.atlas_projects
tags:
  peering: aws
compose:
  atlas_peering_connections: >-
    [{'provider_name': 'AWS',
      'container_region': atlas_tags.region,
      'accepter_region_name': atlas_tags.region,
      'aws_account_id': atlas_tags.aws_account_id,
      'vpc_id': atlas_tags.vpc_id,
      'route_table_cidr_block': '10.15.0.0/16'}]
strict: true
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.atlasops.network.plugins.module_utils import options
from ansible_collections.atlasops.network.plugins.module_utils.api.client import Client
from ansible_collections.atlasops.network.plugins.module_utils.api.settings import Settings, parse_settings
from ansible_collections.atlasops.network.plugins.module_utils.engine.project_hosts import (
    Project,
    filter_projects,
    list_connections,
    list_projects,
    name_hosts,
)
from ansible_collections.atlasops.network.plugins.module_utils.errors import AtlasError, InputError, summarize

try:
    from ansible.template import trust_as_template as mark_trusted
except ImportError:  # before 2.19
    mark_trusted = str  # type: ignore[assignment]


#: A string that is neither a template nor an expression that calls anything.
_PLAIN = re.compile(r"[^{(|]*")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """See DOCUMENTATION."""

    NAME = "atlasops.network.atlas_projects"

    inventory: Any
    _vars: Any

    def verify_file(self, path: str) -> bool:
        return path.endswith(("atlas_projects.yml", "atlas_projects.yaml")) and bool(super().verify_file(path))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        try:
            unknown = sorted(map(str, set(config) - set(self.get_options())))
            if unknown:
                raise InputError(f"Unknown option: {', '.join(unknown)}. See ansible-doc -t inventory {self.NAME}.")
            org_id = options.organization({"org_id": self._templated("org_id")})
            settings = self._settings()
            workers = options.workers({"max_workers": self.get_option("max_workers")})
            with Client(settings, workers=workers) as client:
                key = self._key(path, settings)
                cached = self._cached(key, cache)
                projects: list[Project] = self._store(key, list_projects(client)) if cached is None else cached
                selected = filter_projects(projects, org_id, self.get_option("name_patterns"), self.get_option("tags"))
                if self.get_option("connections"):
                    selected = self._with_connections(client, selected, f"{key}_connections", cache)
        except AtlasError as error:
            raise AnsibleParserError(str(error)) from None
        if not selected:
            self.display.warning(
                f"{path}: no project passes the filters. Projects that the credentials can see: {len(projects)}."
            )
        for name, project in zip(self._names(selected), selected):
            self._add(name, project)

    def _settings(self) -> Settings:
        """Return the connection settings, with templates resolved."""
        strings = {name for name, spec in options.CONNECTION_SPEC.items() if spec["type"] == "str"}
        params = {n: self._templated(n) if n in strings else self.get_option(n) for n in options.CONNECTION_SPEC}
        return parse_settings(params)

    def _key(self, path: str, settings: Settings) -> str:
        """Return the key of the cache. With credentials from the environment, one source may serve several accounts."""
        account = [settings.base_url, *settings.credentials.values.values()]
        return f"{self.get_cache_key(path)}_{sha256(' '.join(account).encode()).hexdigest()[:12]}"

    def _cached(self, key: str, use_cache: bool) -> Any:
        """Return what the cache has under a key, if it is to be used; otherwise None."""
        is_used = self.get_option("cache") and use_cache and key in self._cache
        return self._cache[key] if is_used else None

    def _store(self, key: str, value: Any) -> Any:
        """Return a value that has been read, after it was written to the cache if there is one."""
        if self.get_option("cache"):
            self._cache[key] = value
        return value

    def _with_connections(
        self, client: Client, projects: Sequence[Project], key: str, use_cache: bool
    ) -> list[Project]:
        """Return projects with their connections; those that cannot be read are named in a warning."""
        known = dict(self._cached(key, use_cache) or {})
        ids = [project["atlas_project_id"] for project in projects]
        found = list_connections(client, [one for one in ids if one not in known])
        known.update({one: records for one, records in found.items() if not isinstance(records, AtlasError)})
        if found:
            self._store(key, known)
        errors = [error for error in found.values() if isinstance(error, AtlasError)]
        if errors:
            self.display.warning(
                f"atlas_connections is undefined for {len(errors)} of {len(ids)} projects, whose connections could not "
                f"be read. {summarize(errors)}"
            )
        return [
            {**project, **({"atlas_connections": known[one]} if one in known else {})}
            for one, project in zip(ids, projects)
        ]

    def _templated(self, name: str) -> Any:
        """Return an option with its template resolved.

        Raises:
            InputError: The template fails. The original error may quote a secret, so only its type is named.
        """
        self.templar.available_variables = self._vars
        try:
            return self.templar.template(self.get_option(name))
        except AnsibleError as error:
            raise InputError(
                f"The template of {name} failed ({type(error).__name__}). "
                "Only lookups and extra variables are known while an inventory is read."
            ) from None

    def _names(self, projects: Sequence[Project]) -> list[str]:
        """Return a unique name for each project's host, also across sources."""
        if self.get_option("hostname") == "id":
            return [project["atlas_project_id"] for project in projects]
        others = {
            name: host.vars["atlas_project_id"]
            for name, host in self.inventory.hosts.items()
            if "atlas_project_id" in host.vars
        }
        names = name_hosts(projects, others)
        longer = [name for name, project in zip(names, projects) if name.endswith(f"_{project['atlas_project_id']}")]
        if longer:
            self.display.warning(
                "The project id was added to these host names, which several projects share or Ansible reserves: "
                f"{', '.join(longer)}."
            )
        return names

    def _add(self, name: str, project: Project) -> None:
        project = {variable: plain(value) for variable, value in project.items()}
        self.inventory.add_host(name)
        for variable, value in project.items():
            self.inventory.set_variable(name, variable, value)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), project, name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), project, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), project, name, strict)

    def _compose(self, template: Any, variables: Any, *options: Any) -> Any:
        return plain(super()._compose(template, variables, *options))


def plain(value: Any) -> Any:
    """Return a value in which no string, as it may come from Atlas, is ever treated as a template.

    A string that cannot be one is marked as trusted instead of being wrapped: ansible-inventory writes strings that are
    wrapped or, from ansible-core 2.19 on, untrusted as objects with the key ``__ansible_unsafe``, also for AWX.
    """
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, str):
        return mark_trusted(value) if _PLAIN.fullmatch(value) else wrap_var(value)
    return value
