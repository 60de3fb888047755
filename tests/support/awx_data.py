# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data files of the playbook awx, as they stand."""

from __future__ import annotations

from pathlib import Path

import yaml

FOLDER = Path(__file__).parents[2] / "playbooks" / "vars" / "awx"


class Loader(yaml.SafeLoader):
    """Reads texts that Ansible must not template as the texts they are."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))

FILES = [next(yaml.load_all(path.read_text(), Loader)) for path in sorted(FOLDER.glob("*.yml"))]
DATA = {name: value for content in FILES for name, value in content.items()}
(CREDENTIAL_TYPE,) = DATA["controller_credential_types"]
SURVEYS = DATA["atlas_awx_surveys"]
