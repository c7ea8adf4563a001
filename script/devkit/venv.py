"""The virtual environment: Python packages from the lock files, Odoo on its path."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from . import odoo_source, stamps
from .apt import PrivateApt
from .debs import unpack
from .ground import Ground, digest
from .progress import StepFailedError, exit_code, output, run, say, step

SUPPORTED = ((3, 10), (3, 13))
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-oca.txt")
PIP_ADVICE = (
    "Check that pip can install from the machine's package index, e.g."
    " `pip download six`, then run again."
)
LAUNCHER = """\
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""
_QUESTION = "import sys; print('%d.%d' % sys.version_info[:2])"


def provide(ground: Ground, source: Path) -> None:
    """Make ``ground.python`` run with the locked packages and the given Odoo."""
    home = ground.dev / "venv"
    python = _find_python()
    version = _version(python)
    wanted = " ".join(
        [
            digest(ground.root / name for name in LOCKS),
            ".".join(map(str, version)),
            odoo_source.identity(source),
            hashlib.sha256(LAUNCHER.encode()).hexdigest()[:8],
        ]
    )
    stamp = home / "STAMP"
    if stamps.is_current(stamp, wanted) and _version(ground.python) == version:
        return
    with step("Python: virtual environment"):
        _create(ground, home, python, version)
    with step("Python: installing the locked packages (about a minute, once)"):
        _install(ground)
        _link_odoo(home, source)
        stamps.write(stamp, wanted)


def _find_python() -> str:
    """Return an interpreter of a supported version, this one if it will do."""
    candidates = [sys.executable, shutil.which("python3")]
    candidates += [shutil.which(f"python3.{minor}") for minor in (13, 12, 11, 10)]
    for candidate in candidates:
        version = _version(candidate) if candidate else None
        if candidate and version and SUPPORTED[0] <= version <= SUPPORTED[1]:
            return candidate
    raise StepFailedError(
        "Odoo 19 needs Python 3.10 to 3.13; the machine has"
        f" {sys.version_info[0]}.{sys.version_info[1]} only.",
        "Install one of these versions so that e.g. `python3.12` is on PATH.",
    )


def _version(python: str | Path) -> tuple[int, int] | None:
    answer = output([python, "-c", _QUESTION])
    if not answer:
        return None
    major, minor = answer.split(".")
    return int(major), int(minor)


def _create(ground: Ground, home: Path, python: str, version: tuple[int, int]) -> None:
    if _version(ground.python) == version and _has_pip(ground.python):
        return
    shutil.rmtree(home, ignore_errors=True)
    log = ground.log("venv")
    if not exit_code([python, "-m", "venv", home], log=log) and _has_pip(ground.python):
        return
    shutil.rmtree(home, ignore_errors=True)
    run(
        [python, "-m", "venv", "--without-pip", home],
        log=log,
        why="Python cannot make a virtual environment",
        advice="Install the package python3-venv (or virtualenv) and run again.",
    )
    _add_pip(ground, home, python)


def _add_pip(ground: Ground, home: Path, python: str) -> None:
    """Put pip into an environment made by a Python that ships none."""
    say("  this Python ships no pip; looking for one")
    log = ground.log("venv-pip")
    if not exit_code(
        [python, "-m", "pip", "--python", ground.python, "install", "pip"], log=log
    ):
        return
    apt = PrivateApt.for_machine(ground)
    apt.update()
    (deb,) = apt.download(["python3-pip-whl"])
    unpack(deb, home / "pip-package")
    wheels = sorted(home.glob("pip-package/usr/share/python-wheels/pip-*.whl"))
    run(
        [ground.python, wheels[-1] / "pip", "install", "pip"],
        log=log,
        why="pip could not install itself into the virtual environment",
        advice="Install the package python3-venv and run again, or: " + PIP_ADVICE,
        env=_environment(),
    )


def _has_pip(python: Path) -> bool:
    return output([python, "-m", "pip", "--version"]) is not None


def _environment() -> dict[str, str]:
    # A user-wide install or target set elsewhere must not redirect this one.
    skip = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV"}
    kept = {k: v for k, v in os.environ.items() if k not in skip}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def _install(ground: Ground) -> None:
    for names in (LOCKS[:2], LOCKS[2:]):
        files = [word for name in names for word in ("-r", ground.root / name)]
        run(
            [ground.python, "-m", "pip", "install", "--no-deps", "--require-hashes"]
            + files,
            log=ground.log(f"pip-{names[0].split('.')[0]}"),
            why=f"pip could not install {' and '.join(names)}",
            advice=PIP_ADVICE,
            env=_environment(),
        )


def _link_odoo(home: Path, source: Path) -> None:
    (packages,) = home.glob("lib/python3.*/site-packages")
    (packages / "odoo_source.pth").write_text(f"{source}\n", encoding="utf-8")
    # Odoo starts its own program again for its event worker: it needs a file.
    (home / "bin" / "odoo").write_text(LAUNCHER, encoding="utf-8")
