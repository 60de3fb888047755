# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of the role atlas_awx, as they are written."""

from __future__ import annotations

from pathlib import Path

import yaml

ROLE = Path(__file__).parents[2] / "roles" / "atlas_awx"
PATHS = [ROLE / "defaults" / "main.yml", *sorted((ROLE / "vars" / "main").glob("*.yml"))]


class Loader(yaml.SafeLoader):
    """Reads !unsafe strings, which Ansible does not template, as plain strings."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))

FILES = [next(yaml.load_all(path.read_text(), Loader)) for path in PATHS]
DATA = {name: value for content in FILES for name, value in content.items()}
(CREDENTIAL_TYPE,) = DATA["controller_credential_types"]
SURVEYS = DATA["atlas_awx_surveys"]
