# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: start a simulator, print how to use it, serve until stopped."""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
from pathlib import Path
from typing import Any

from .settings import CHOICES, Settings
from .simulator import Simulator


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    defaults = Settings()
    parser = argparse.ArgumentParser(prog="simulator", description="A local MongoDB Atlas for network peering.")
    add = parser.add_argument
    add("--port", type=int, default=defaults.port, help="port to listen on; 0 takes any free one (default)")
    add("--pace", type=float, default=defaults.pace, help="seconds an automatic status step takes (default: 1)")
    add("--act-after", type=float, help="let the other side act by itself this many seconds after it could")
    add("--latency", type=float, default=defaults.latency, help="seconds added to every API request")
    add("--ready-file", type=Path, help="write address, ids and credentials to this file once listening, as JSON")
    add("--lifetime", type=float, default=0, help="stop by itself after so many seconds; 0 means never (default)")
    add("--tls-cert", help="serve https with this certificate (PEM)")
    add("--tls-key", help="its private key, unless the certificate's file holds it")
    add("--digest-algorithm", choices=("MD5", "SHA-256"), default=defaults.digest_algorithm)
    add("--token-limit", type=int, default=defaults.token_limit, help="live access tokens per service account")
    add("--set", type=setting, action="append", default=[], metavar="NAME=VALUE", help="any other setting, as JSON")
    return parser.parse_args(arguments)


def setting(text: str) -> tuple[str, Any]:
    """Return a setting's name and value, which is JSON of the type that the setting has by default."""
    name, _equals, value = text.partition("=")
    default = vars(Settings()).get(name)
    if not isinstance(default, (bool, int, float, str, tuple)):
        raise argparse.ArgumentTypeError(f"{name} is not a setting that can be given here")
    found = value if isinstance(default, str) else json.loads(value)
    if isinstance(default, tuple) and isinstance(found, list):
        found = tuple(map(str, found))
    if type(found) not in (type(default), *((int,) if isinstance(default, float) else ())):
        raise argparse.ArgumentTypeError(f"{name} cannot be {value}")
    if found not in CHOICES.get(name, (found,)):
        raise argparse.ArgumentTypeError(f"{name} is one of {', '.join(CHOICES[name])}")
    return name, found


def settings_of(options: argparse.Namespace) -> Settings:
    ours = ("ready_file", "lifetime", "set")
    named = {name: value for name, value in vars(options).items() if name not in ours}
    return Settings(**{**named, **dict(options.set)})


def instructions(simulator: Simulator) -> str:
    exports = {**simulator.environment("service_account"), **simulator.environment("api_key")}
    lines = [f"export {name}={value}" for name, value in exports.items() if "CLIENT" not in name]
    account = [f"#   export {name}={value}" for name, value in exports.items() if "CLIENT" in name]
    containers = [f"#   {cloud:<5} {container}" for cloud, container in simulator.containers.items()]
    return "\n".join(
        [
            f"# A simulated MongoDB Atlas listens on {simulator.url}",
            *lines,
            "# or, instead of the API key, the service account:",
            *account,
            "# containers of the project:",
            *containers,
            f"# see {simulator.url}/_simulator/requests; stop with Ctrl-C",
        ]
    )


def write_ready_file(path: Path, content: dict[str, Any]) -> None:
    """Write the file atomically, as its existence is the signal."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_ignored: stopped.set())
    with Simulator(settings_of(options)) as simulator:
        print(instructions(simulator), flush=True)
        if options.ready_file is not None:
            write_ready_file(options.ready_file, {**simulator.describe(), "pid": os.getpid()})
        stopped.wait(options.lifetime or None)
    return 0
