# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How Sphinx builds the site from what antsibull-docs renders: make docs."""

project = html_title = "atlasops.network"
extensions = ["sphinx_antsibull_ext"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = html_show_copyright = False
highlight_language = "YAML+Jinja"
antsibull_ext_color_scheme = "default-autodark"
# The labels unknown to Sphinx are those of Ansible's own documentation. A test looks for the site's own.
suppress_warnings = ["ref.ref"]
