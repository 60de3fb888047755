# Copyright: (c) 2026, atlasops.network contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check behind one entry: `make test` runs all, `nox -s NAME` runs one, `nox --list` tells the names."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import nox
import yaml
from nox.command import CommandFailed

ROOT = Path(__file__).parent.resolve()
CACHE = ROOT / ".cache"
BIN = ROOT / ".venv" / "bin"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
OLDEST_TARGET = "3.9"
OLDEST_REQUESTS = "2.26"
FQCN = "atlasops.network"
EE_IMAGE = "localhost/atlasops-network-ee:latest"
EE_BASE_SUITE = "trixie"  # of the base image that is made where no registry is reached
EVERYTHING = bool(os.environ.get("TEST_ALL"))  # set by `make test-all`
WORKERS = str(2 + (os.cpu_count() or 1))  # tests wait for ansible-playbook at times

nox.options.default_venv_backend = "none"  # one virtual environment, made by make, serves all sessions
nox.options.envdir = str(CACHE / "nox")
nox.options.error_on_missing_interpreters = False

# The tools of the virtual environment come first. pyenv's shims refuse a version that is not switched on,
# so its real interpreters come before them. Ansible neither reads nor writes the user's own settings.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
os.environ["PATH"] = os.pathsep.join(map(str, [BIN, *sorted(PYENV.glob("versions/3.*/bin")), os.environ["PATH"]]))
os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(CACHE / "collections")
os.environ["ANSIBLE_CONFIG"] = str(CACHE / "ansible.cfg")
os.environ["ANSIBLE_HOME"] = str(CACHE / "ansible")
# Else each worker of each run compiles all tests anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
CACHE.mkdir(exist_ok=True)
(CACHE / "ansible.cfg").touch()


def git(session: nox.Session, *arguments: str) -> str:
    return str(session.run("git", *arguments, silent=True, external=True)).strip()


def starts(python: str) -> bool:
    """Tell whether an interpreter is here and starts; a version manager's stand-in for one may not."""
    found = shutil.which(python)
    return found is not None and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0


def selection() -> list[str]:
    """Return the options of pytest that leave slow tests out, unless all are asked for."""
    return [] if EVERYTHING else ["-m", "not slow"]


def fresh_folder(name: str) -> Path:
    folder = CACHE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def provide_pip(home: Path) -> None:
    """Let ansible-test bootstrap pip where the web is out of reach, from the copy that Python carries."""
    try:
        urllib.request.urlopen("https://ci-files.testing.ansible.com/ansible-test/get-pip-24.2.py", timeout=10).close()
    except OSError:
        cache = home / ".ansible" / "test" / "cache"
        cache.mkdir(parents=True, exist_ok=True)
        for version in ("24_2", "25_2"):  # which ansible-core 2.18 and 2.19, 2.20 and 2.21 ask for
            shutil.copy(ROOT / "tests" / "get_pip.py", cache / f"get_pip_{version}.py")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formats."""
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("yamllint", "--strict", ".")
    session.run("shellcheck", ".ci/run")
    session.run("antsibull-changelog", "lint")


@nox.session
def types(session: nox.Session) -> None:
    """Check type annotations with mypy, strictly."""
    session.run("mypy")


@nox.session
def ansible_lint(session: nox.Session) -> None:
    """Check playbooks and roles with the production profile."""
    settings = (ROOT / ".ansible-lint").read_text().splitlines()
    everything = CACHE / "ansible-lint.yml"
    everything.write_text("\n".join(line for line in settings if "examples/awx-project" not in line))
    # It checks the syntax of each playbook by a run of its own; forked, these take a tenth. It ignores their warnings.
    forking = {"PYTHONPATH": str(ROOT / "tests"), "PYTHONWARNINGS": "ignore"}
    session.run("python", "-m", "support.forking", "ansible-lint", "--config-file", everything, env=forking)


@nox.session
def docs(session: nox.Session) -> None:
    """Check the documentation, render roles as text as `sanity` does plugins, and build the site."""
    checks = ["--plugin-docs", "--check-extra-docs-refs", "--validate-collection-refs", "self"]
    session.run("antsibull-docs", "lint-collection-docs", *checks, ".")
    roles = [f"{FQCN}.{path.name}" for path in sorted((ROOT / "roles").iterdir())]
    session.run("ansible-doc", "--type", "role", *roles, silent=True)
    site = CACHE / "docs"
    site.mkdir(mode=0o755, exist_ok=True)  # antsibull-docs refuses a folder that others may write to
    options = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--cleanup", "similar-files"]
    session.run("antsibull-docs", "collection", *options, "--dest-dir", site, FQCN)
    # Pages that have not changed are not read again, but written, which is what looks for their references.
    options = ["--write-all", "--fail-on-warning", "--quiet", "--conf-dir", ROOT / "docs" / "site"]
    try:
        session.run("sphinx-build", *options, site, site / "html")
    except CommandFailed:
        shutil.rmtree(site)  # so that the next run reads the pages that were warned of, too
        raise
    session.log(f"The pages begin at {site / 'html' / 'index.html'}")


@nox.session
def sanity(session: nox.Session) -> None:
    """Run ansible-test sanity on what the artifact contains, as Automation Hub does; ruff and mypy check the rest."""
    folder = fresh_folder("sanity")
    session.run("ansible-galaxy", "collection", "build", "--output-path", folder, silent=True)
    copy = folder / "ansible_collections" / "atlasops" / "network"
    (built,) = folder.glob("*.tar.gz")
    shutil.unpack_archive(built, copy)
    shutil.copy(ROOT / ".gitignore", copy)  # so that ansible-test does not check what it writes itself
    home = CACHE / "home"
    provide_pip(home)
    with session.chdir(copy):
        session.run("git", "init", "--quiet", external=True)
        session.run("git", "add", "--all", external=True)
        session.log("The first run prepares ansible-test's own environments, which takes a minute or more.")
        # Ruff has the rules of pylint, which takes as long as all other checks together.
        runs = [["--python", PYTHON, *([] if EVERYTHING else ["--skip-test", "pylint"])]]
        if starts(f"python{OLDEST_TARGET}"):
            # Every other check imports with this Python; what is not guarded shows with any.
            runs[0] += ["--skip-test", "import"]
            runs.append(["--python", OLDEST_TARGET, "--test", "compile", "--test", "import"])
        else:
            session.log(f"Python {OLDEST_TARGET} is not here, so nothing is compiled for it or imported by it.")
        for options in runs:
            command = ["ansible-test", "sanity", "--venv", "--color", "no", *options]
            output = session.run(*command, env={"HOME": str(home)}, silent=True)
            session.log(output)
            if "All targets skipped" in str(output):
                session.error("ansible-test found nothing to test")


@nox.session
def artifact(session: nox.Session) -> None:
    """Build the collection, look into it, install it elsewhere and run the demo from there."""
    dist = ROOT / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("ansible-galaxy", "collection", "build", "--output-path", dist)
    (built,) = dist.glob("*.tar.gz")
    session.run("pytest", "--quiet", "tests/repository/test_artifact.py", env={"ARTIFACT": str(built)})
    elsewhere = fresh_folder("elsewhere")
    only_there = {"ANSIBLE_COLLECTIONS_PATH": str(elsewhere)}
    command = ["ansible-galaxy", "collection", "install", built, "--offline", "--collections-path", elsewhere]
    session.run(*command, env=only_there)
    with session.chdir(elsewhere):
        session.run("ansible-playbook", f"{FQCN}.demo", env=only_there)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Check that the checkout is a release, and build it as `artifact` does. Nothing is tagged or published."""
    version = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]
    changelog = ROOT / "changelogs" / "changelog.yaml"
    released = yaml.safe_load(changelog.read_text())["releases"] if changelog.exists() else {}
    if version not in released or any((ROOT / "changelogs" / "fragments").glob("*.y*ml")):
        session.error(
            f"The changelog is not that of {version}: run antsibull-changelog release, and commit its changes."
        )
    skeleton = ROOT / "examples" / "awx-project" / "collections" / "requirements.yml"
    if [one["version"] for one in yaml.safe_load(skeleton.read_text())["collections"]] != [version]:
        session.error(f"{skeleton.relative_to(ROOT)} does not pin version {version}.")
    if git(session, "status", "--porcelain"):
        session.error("Some changes are not committed.")
    if git(session, "tag", "--list", version) and version not in git(session, "tag", "--points-at", "HEAD").split():
        session.error(f"The tag {version} names another commit: raise the version in galaxy.yml and session.py.")
    session.run("antsibull-changelog", "lint-changelog-yaml", changelog)
    artifact(session)
    session.log(f"To release it: git tag --annotate --message {version} {version} && git push origin {version}")


@nox.session(venv_backend="venv", reuse_venv=True, default=False)
def importer(session: nox.Session) -> None:
    """Import what `artifact` has built as Automation Hub does; a warning is an error here."""
    session.install("-qq", "galaxy-importer", "--constraint=tests/requirements.txt")
    (built,) = (ROOT / "dist").glob("*.tar.gz")
    settings = {"GALAXY_IMPORTER_CONFIG": str(ROOT / ".ci" / "galaxy-importer.cfg")}
    with session.chdir(fresh_folder("importer")):
        output = str(session.run("python", "-m", "galaxy_importer.main", built, env=settings, silent=True))
    session.log(output)
    if "WARNING" in output or "ERROR" in output:
        session.error("The importer of Automation Hub has something to say about the artifact.")


@nox.session
def navigator(session: nox.Session) -> None:
    """Run the demo as ansible-navigator does."""
    options = ["--ee=false", "--mode=stdout", "--pae=false"]
    session.run("ansible-navigator", "run", f"{FQCN}.demo", *options, silent=True)  # full of cursor movements


def podman(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Call podman, where it is; anything that goes wrong is told by the result."""
    command = ["podman", *arguments]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, check=False, text=True)


def give_up(session: nox.Session, reason: str) -> NoReturn:
    """End a session that this machine is not made for: an error, but not for continuous integration."""
    (session.skip if os.environ.get("CI") else session.error)(reason)
    raise AssertionError  # neither of them returns


def base_image(session: nox.Session) -> dict[str, str]:
    """Return the build arguments that say what to build upon, and see to it that it is here."""
    named = {name: os.environ[name] for name in ("EE_BASE_IMAGE", "PKGMGR") if os.environ.get(name)}
    definition = yaml.safe_load((ROOT / "execution-environment.yml").read_text())
    image = named.setdefault("EE_BASE_IMAGE", definition["images"]["base_image"]["name"])
    if podman("image", "exists", image).returncode == 0 or podman("pull", "--quiet", image).returncode == 0:
        return named
    if os.environ.get("EE_BASE_IMAGE"):
        give_up(session, f"podman cannot pull {image}, which EE_BASE_IMAGE names")
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        give_up(session, f"podman cannot pull {image}. Name another in EE_BASE_IMAGE, or let root have debootstrap")
    return {"EE_BASE_IMAGE": made_base_image(session), "PKGMGR": "/usr/bin/apt-get"}


def made_base_image(session: nox.Session) -> str:
    """Make a base image of Debian's packages, for a machine that reaches these but no image registry."""
    image = f"localhost/debian-{EE_BASE_SUITE}-ee-base:latest"
    if podman("image", "exists", image).returncode == 0:
        return image
    tree, archive = fresh_folder("ee_base") / "tree", CACHE / "ee_base" / "tree.tar"
    packages = "ca-certificates,git,openssh-client,python3,python3-pip,python3-venv"
    steps = [
        ["timeout", "400", "debootstrap", "--variant=minbase", f"--include={packages}", EE_BASE_SUITE, tree],
        ["tar", "--create", "--file", archive, "--directory", tree, "."],
        ["podman", "import", "--quiet", archive, image],
    ]
    session.log(f"No image registry is reached, so {image} is made with debootstrap, which takes a minute or two.")
    try:
        for step in steps:
            done = subprocess.run(step, capture_output=True, check=False, text=True)
            if done.returncode:
                give_up(session, f"There is no base image, since this failed: {shlex.join(map(str, step))}")
    finally:
        shutil.rmtree(CACHE / "ee_base")
    return image


def container_settings(session: nox.Session, image: str) -> dict[str, str]:
    """Return the environment in which podman runs containers: the user's own where that will do."""
    for settings in ({}, {"CONTAINERS_CONF": str(ROOT / "tests" / "ee" / "containers.conf")}):
        tried = podman("run", "--rm", "--network=host", "--entrypoint=true", image, **settings)
        if tried.returncode == 0:
            break
    else:
        give_up(session, f"podman is here, but cannot run a container: {tried.stderr.strip()[-300:]}")
    queues = Path("/dev/mqueue")  # ansible-navigator insists on it
    if not queues.is_dir() and os.geteuid() == 0:
        queues.mkdir()
    return settings


@contextlib.contextmanager
def handed_folder(session: nox.Session) -> Iterator[Path]:
    """Make a folder that only the build sees: the collection, and what lets pip reach what it reaches here.

    It appears where pip looks for the settings of the machine. Settings that name files of this machine stay out.
    """
    folder = fresh_folder("ee_handed")
    folder.chmod(0o700)  # an address may hold a password
    try:
        session.run("ansible-galaxy", "collection", "build", "--output-path", folder, silent=True)
        listing = str(session.run("pip", "config", "list", silent=True))
        found = dict(re.findall(r"^\S+\.([\w-]+)='(.*)'$", listing, re.MULTILINE)[::-1])  # the environment goes first
        if found.get("cert"):
            shutil.copy(found.pop("cert"), folder / "ca.pem")
        words = {name: [w for w in value.split() if not w.startswith(("/", "file:"))] for name, value in found.items()}
        lines = [f"{name} = {' '.join(value)}" for name, value in words.items() if value]
        lines += [f"cert = /etc/xdg/pip/{path.name}" for path in folder.glob("ca.pem")]
        (folder / "pip.conf").write_text("\n".join(["[global]", *lines, ""]))
        yield folder
    finally:
        shutil.rmtree(folder)


# On demand, since it needs podman. CLOUDS, EE_BASE_IMAGE and PKGMGR are taken from the environment.
@nox.session(default=False)
def ee(session: nox.Session) -> None:
    """Build an execution environment with the collection as it is here."""
    if shutil.which("podman") is None:
        give_up(session, "podman is not installed, and an execution environment is a container image. Install podman")
    podman("rmi", "--force", EE_IMAGE)  # so that an old one is neither tested nor left without a name
    arguments = base_image(session)
    settings = container_settings(session, arguments["EE_BASE_IMAGE"])
    with handed_folder(session) as handed:
        (built,) = handed.glob("*.tar.gz")
        arguments |= {"COLLECTION": f"/etc/xdg/pip/{built.name}", "CLOUDS": os.environ.get("CLOUDS", "")}
        options = ["--layers=false", "--network=host", f"--volume={handed}:/etc/xdg/pip:ro,z"]
        command = ["ansible-builder", "build", "--tag", EE_IMAGE, "--container-runtime", "podman"]
        command += ["--context", str(CACHE / "ee_context"), f"--extra-build-cli-args={shlex.join(options)}"]
        command += [f"--build-arg={name}={value}" for name, value in arguments.items()]
        session.run(*command, env=settings)


@nox.session(default=False)
def test_ee(session: nox.Session) -> None:
    """Run the tests inside the execution environment that the session ee has built."""
    if shutil.which("podman") is None or podman("image", "exists", EE_IMAGE).returncode:
        give_up(session, f"There is no image {EE_IMAGE}. Build it with: make ee")
    session.run("pytest", "tests/ee", env={"EE_IMAGE": EE_IMAGE, **container_settings(session, EE_IMAGE)})


# Which Pythons each ansible-core supports on the controller, as its own documentation says.
CORES = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
}
# Python 3.11 is what the images of the oldest supported core carry, and Jinja2 3.0 the oldest that it runs with.
COMPAT = {"oldest": ("3.11", "2.16", "3.0")}
if EVERYTHING:
    COMPAT |= {f"{core}-{python}": (python, core, "3.1") for core, pythons in CORES.items() for python in pythons}


@nox.session(venv_backend="venv", reuse_venv=True)
@nox.parametrize("python,core,jinja", list(COMPAT.values()), ids=list(COMPAT))
def compat(session: nox.Session, core: str, jinja: str) -> None:
    """Run the smoke tests with the oldest ansible-core; `make test-all` adds each one with each of its Pythons."""
    versions = [f"ansible-core=={core}.*", f"jinja2=={jinja}.*"]
    packages = [*versions, "openapi-core", "pytest", "--requirement=requirements.txt"]
    session.install("-qq", *packages, "--constraint=tests/requirements.txt")
    slow = EVERYTHING and (session.python, core, jinja) == COMPAT["oldest"]
    session.run("pytest", "-m", "smoke" if slow else "smoke and not slow", "tests/integration")


@nox.session(python=OLDEST_TARGET, venv_backend="venv", reuse_venv=True, default=False)
def targets(session: nox.Session) -> None:
    """Run modules and the simulator with the oldest Python and requests that they support."""
    session.install("-qq", f"requests=={OLDEST_REQUESTS}.*")
    test = "tests/integration/test_oldest_python.py"
    session.run("pytest", test, env={"OLDEST_PYTHON": f"{session.bin}/python"}, external=True)


@nox.session(venv_backend="venv", reuse_venv=True, default=False)
def bench(session: nox.Session) -> None:
    """Measure what the collection costs, on a machine that does nothing else; arguments after -- choose a part."""
    packages = ["ansible-core", "--requirement=requirements.txt", "--requirement=tests/benchmarks/requirements.txt"]
    session.install("-qq", *packages, "--constraint=tests/requirements.txt")
    session.run("python", "tests/benchmarks", *session.posargs)


# They are part of the package ansible; only these collections are unpacked, a hundredth of it.
def foreign_collections(session: nox.Session) -> Path:
    """Return a folder with the collections of others that tests need: awx.awx and amazon.aws."""
    collections = CACHE / "foreign"
    wanted = "ansible>=12,<13"  # awx.awx 24.6.1, amazon.aws 10.1
    stamp = collections / "from"
    if not stamp.exists() or stamp.read_text() != wanted:
        package = fresh_folder("foreign") / "package"
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        session.run(*pip, "--dest", package, wanted, external=True)
        (wheel,) = package.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.startswith(("ansible_collections/awx/", "ansible_collections/amazon/")):
                    archive.extract(name, collections)
        shutil.rmtree(package)
        stamp.write_text(wanted)
    return collections


@nox.session
def awx(session: nox.Session) -> None:
    """Apply the playbook awx to a stub of AWX, through the real awx.awx."""
    tests = ["tests/integration/test_awx.py", "tests/integration/test_awx_organizations.py"]
    session.run("pytest", *selection(), *tests, env={"AWX_COLLECTIONS": str(foreign_collections(session))})


# Not among those of `make test`, since modules of amazon.aws wait for AWS to settle, a simulated one too.
@nox.session(venv_backend="venv", reuse_venv=True, default=False)
def clouds(session: nox.Session) -> None:
    """Act on both sides of connections, through the real modules of the clouds and against simulated clouds."""
    packages = ["ansible-core", "openapi-core", "pytest", "pytest-xdist"]
    requirements = ["--requirement=requirements.txt", "--requirement=tests/clouds/requirements.txt"]
    session.install("-qq", *packages, *requirements, "--constraint=tests/requirements.txt")
    options = ["--numprocesses", WORKERS, "--dist=worksteal", *selection()]
    tests = session.posargs or ["tests/clouds", "tests/unit/simulator/test_other_side.py"]
    session.run("pytest", *options, *tests, env={"CLOUD_COLLECTIONS": str(foreign_collections(session))})


@nox.session(venv_backend="venv", reuse_venv=True, default=False)
def demo_both_sides(session: nox.Session) -> None:
    """Run the demo of both sides, with the clouds' own modules and against simulated clouds."""
    requirements = ["--requirement=requirements.txt", "--requirement=tests/clouds/requirements.txt"]
    session.install("-qq", "ansible-core", *requirements, "--constraint=tests/requirements.txt")
    collections = os.pathsep.join([str(CACHE / "collections"), str(foreign_collections(session))])
    session.run("ansible-playbook", f"{FQCN}.demo_both_sides", env={"ANSIBLE_COLLECTIONS_PATH": collections})


# In an environment of its own, since schemathesis would slow down the start of every other run of pytest.
@nox.session(venv_backend="venv", reuse_venv=True, default=False)
def contract(session: nox.Session) -> None:
    """Send what schemathesis makes up from MongoDB's OpenAPI file, which ATLAS_OPENAPI names, to the simulator."""
    if not os.environ.get("ATLAS_OPENAPI"):
        session.skip("ATLAS_OPENAPI does not name the file of Atlas' official OpenAPI description")
    requirements = ["--requirement=requirements.txt", "--requirement=tests/contract/requirements.txt"]
    session.install("-qq", "pytest", *requirements, "--constraint=tests/requirements.txt")
    session.run("pytest", "tests/contract/test_schemathesis.py", *session.posargs)


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """Measure which lines and branches of the plugins unit and integration tests reach; below 95 % is an error."""
    fresh_folder("coverage")
    place = {"COVERAGE_ROOT": str(ROOT)}
    tests = session.posargs or ["tests/unit/plugins", "tests/integration"]
    options = ["--quiet", "--numprocesses", WORKERS, "--dist=worksteal", *selection()]
    session.run("coverage", "run", "-m", "pytest", *options, *tests, env=place)
    session.run("coverage", "combine", "--quiet", env=place)
    session.run("coverage", "report", env=place)


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Change the code of model, api and engine a little, thousands of times, and name changes that no test notices."""
    session.run("python", "tests/mutants", *session.posargs)


# The last session, so that pytest's closing line stands below everything else.
@nox.session
def pytest(session: nox.Session) -> None:
    """Run the tests, slow ones only if TEST_ALL is set; arguments after -- replace the folders."""
    tests = session.posargs or ["tests"]
    session.run("pytest", "--numprocesses", WORKERS, "--dist=worksteal", *selection(), *tests)
