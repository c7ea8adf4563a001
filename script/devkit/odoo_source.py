"""Odoo 19 Community: the one the machine has, or Debian's package in a private root."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sys
from pathlib import Path

from . import stamps
from .apt import NO_APT, PrivateApt
from .debs import unpack
from .ground import LANGUAGES, Ground
from .progress import StepFailedError, output, say, step

PACKAGE = "odoo-19"
SERIES = "19.0"
KNOWN_SHA256 = {
    "19.0.0+dfsg-1": "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
}
# What the files of the package link to. Font Awesome 7 lacks the linked names.
COMPANIONS = (
    *("libjs-jquery", "libjs-jquery-form", "libjs-underscore"),
    *("fonts-inconsolata", "fonts-montserrat", "fonts-ocr-b"),
    *("fonts-roboto-unhinted", "fonts-font-awesome/bookworm"),
)
# The package leaves this file out; every browser test asks for it.
STUB = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
KEPT_LOCALISATIONS = {"l10n_generic_coa", "l10n_us", "l10n_us_account", "l10n_cn"}
KEPT_LANGUAGES = {*LANGUAGES, "en", "zh", "zh_TW"}
LAYOUT = "1"
PACKAGES_FOLDER = "usr/lib/python3/dist-packages"


def provide(ground: Ground) -> Path:
    """Return the folder that contains the package ``odoo`` of series 19.0.

    Order: ``ODOO_SRC``; an installed Odoo; Debian's package, fetched once.
    """
    with step("Odoo: looking for version 19.0"):
        named = os.environ.get("ODOO_SRC")
        if named:
            return _checked(Path(named).expanduser().resolve())
        installed = _installed()
        if installed:
            say(f"  using the installed Odoo in {installed}")
            return installed
    home = ground.dev / "odoo"
    if _version_stamp(home):
        return home / PACKAGES_FOLDER
    with step("Odoo: fetching Debian's package odoo-19 (about 130 MB, once)"):
        _fetch(ground, home)
    return home / PACKAGES_FOLDER


def identity(source: Path) -> str:
    """Return text that changes when another Odoo is used."""
    release = source / "odoo" / "release.py"
    content = hashlib.sha256(release.read_bytes()).hexdigest()[:12]
    return f"{source}:{content}"


def community_addons(source: Path) -> Path:
    """Return the folder of Odoo's own addons (apart from ``base``)."""
    beside = source / "addons"
    return beside if (beside / "hr_expense").is_dir() else source / "odoo" / "addons"


def series(source: Path) -> str:
    """Return the series of the Odoo in a folder, "" when there is none."""
    try:
        text = (source / "odoo" / "release.py").read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(r"^version_info\s*=\s*\(\s*(\d+)\s*,\s*(\d+)", text, re.MULTILINE)
    return f"{found[1]}.{found[2]}" if found else ""


def _checked(source: Path) -> Path:
    found = series(source)
    if found != SERIES:
        what = f"Odoo {found}" if found else "no package `odoo`"
        raise StepFailedError(
            f"ODOO_SRC is {source}, which holds {what}; {SERIES} is needed.",
            "Let ODOO_SRC name a git clone of branch 19.0 or a folder with its package"
            " `odoo`, or unset it to fetch Debian's package.",
        )
    say(f"  using ODOO_SRC={source}")
    return source


def _installed() -> Path | None:
    """Return where an importable Odoo 19 lies, None without one."""
    question = (
        "import odoo.release, pathlib;"
        "print(pathlib.Path(odoo.release.__file__).resolve().parents[1])"
    )
    for python in _interpreters():
        answer = output([python, "-c", question])
        if answer and series(Path(answer.strip())) == SERIES:
            return Path(answer.strip())
    return None


def _interpreters() -> list[str]:
    found = [sys.executable]
    command = shutil.which("odoo")
    if command:
        with open(command, "rb") as script:
            first = script.readline().decode(errors="replace")
        if first.startswith("#!") and "python" in first:
            found.insert(0, first[2:].split()[0])
    return found


def _version_stamp(home: Path) -> str:
    try:
        text = (home / "VERSION").read_text(encoding="utf-8")
    except OSError:
        return ""
    version, _, layout = text.strip().partition(" ")
    return version if layout == LAYOUT else ""


def _fetch(ground: Ground, home: Path) -> None:
    apt = PrivateApt.for_odoo(ground)
    apt.update()
    version = apt.version(PACKAGE)
    if not version:
        raise StepFailedError(
            f"The Debian mirror has no package {PACKAGE} in unstable.", NO_APT
        )
    say(f"  {PACKAGE} {version}")
    debs = apt.download([PACKAGE, *COMPANIONS])
    _compare_checksum(debs[0], version)
    say("  unpacking")
    draft = home.with_name("odoo.new")
    shutil.rmtree(draft, ignore_errors=True)
    for deb in debs:
        unpack(deb, draft, _wanted)
    stub = draft / PACKAGES_FOLDER / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.touch()
    stamps.write(draft / "VERSION", f"{version} {LAYOUT}")
    shutil.rmtree(home, ignore_errors=True)
    draft.rename(home)
    shutil.rmtree(apt.home, ignore_errors=True)


def _compare_checksum(deb: Path, version: str) -> None:
    expected = KNOWN_SHA256.get(version)
    with deb.open("rb") as handle:
        found = (
            hashlib.file_digest(handle, "sha256").hexdigest()
            if hasattr(hashlib, "file_digest")
            else hashlib.sha256(handle.read()).hexdigest()
        )
    if expected is None:
        say(f"  note: {version} is newer than the version this was tried with")
    elif found != expected:
        say(f"  WARNING: {deb.name} has the checksum {found}, expected {expected}")


def _wanted(path: str) -> bool:
    """Tell whether a file is worth unpacking (400 MB instead of 1.2 GB)."""
    if not path.startswith(PACKAGES_FOLDER + "/"):
        return path.startswith("usr/share/") and not path.startswith("usr/share/doc/")
    parts = path.split("/")[4:]
    if parts[0] in {"addons", "doc", "setup"}:
        return False  # a second copy of the addons' Python files, papers, packaging
    if parts[:2] == ["odoo", "addons"] and len(parts) > 2:
        addon = parts[2]
        if addon.startswith("l10n_") and addon not in KEPT_LOCALISATIONS:
            return False
        if parts[-1].endswith(".po"):
            return parts[-1].removesuffix(".po") in KEPT_LANGUAGES
    return True
