"""Debian packages without root: private apt state, the machine's own apt settings.

Mirror address, proxy and keys come from the machine; lists, cache and archives
live in the generated folder. Nothing is installed: packages are unpacked into a
private root.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .ground import Ground
from .progress import StepFailedError, output, run

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
CODENAMES = {
    *("stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "duke", "sid"),
    *("oldoldstable", "oldstable", "stable", "testing", "unstable"),
}
NO_APT = (
    "Get Odoo 19 another way (git clone of branch 19.0, nightly build) and name its"
    " folder in ODOO_SRC; see docs/development.md."
)


@dataclass(frozen=True)
class Source:
    """One suite of one archive as the machine's apt knows it."""

    uri: str
    suite: str
    components: str
    options: str

    @property
    def is_debian(self) -> bool:
        return re.split(r"[-/]", self.suite)[0] in CODENAMES

    @property
    def is_main_archive(self) -> bool:
        return self.is_debian and "-" not in self.suite and "/" not in self.suite

    def line(self, suite: str = "", components: str = "") -> str:
        """Return the one-line form, for another suite of the same mirror if given."""
        options = f"[{self.options}] " if self.options else ""
        return (
            f"deb {options}{self.uri} {suite or self.suite}"
            f" {components or self.components}\n"
        )


def machine_sources() -> list[Source]:
    """Return what the machine's own apt configuration lists, both formats."""
    folder = Path("/etc/apt")
    found: list[Source] = []
    for path in [folder / "sources.list", *sorted(folder.glob("sources.list.d/*"))]:
        if not path.is_file() or not os.access(path, os.R_OK):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".sources":
            found += _read_deb822(text)
        elif path.suffix == ".list":
            found += _read_one_line(text)
    return found


def _read_one_line(text: str) -> Iterator[Source]:
    pattern = (
        r"^\s*deb\s+(?:\[(?P<options>[^]]*)\]\s+)?"
        r"(?P<uri>\S+)\s+(?P<suite>\S+)(?P<rest>[^#\n]*)"
    )
    for match in re.finditer(pattern, text, re.MULTILINE):
        options = match["options"] or ""
        kept = " ".join(word for word in options.split() if "arch" not in word)
        yield Source(match["uri"], match["suite"], match["rest"].strip(), kept)


def _read_deb822(text: str) -> Iterator[Source]:
    for stanza in re.split(r"\n\s*\n", text):
        fields = _stanza_fields(stanza)
        if fields.get("enabled", "yes").lower() in {"no", "false", "0"}:
            continue
        if "deb" not in fields.get("types", "").split():
            continue
        options = []
        signed_by = fields.get("signed-by", "")
        if signed_by.startswith("/") and " " not in signed_by:
            options.append(f"signed-by={signed_by}")
        if fields.get("trusted", "").lower() == "yes":
            options.append("trusted=yes")
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Source(
                    uri, suite, fields.get("components", ""), " ".join(options)
                )


def _stanza_fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace():
            fields[name] = f"{fields.get(name, '')} {line.strip()}".strip()
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


class PrivateApt:
    """apt-get with its own sources, lists and cache under ``<dev>/apt/<name>``."""

    def __init__(self, ground: Ground, name: str, sources: str) -> None:
        self.ground = ground
        self.home = ground.dev / "apt" / name
        self.sources = sources
        self.name = name

    @classmethod
    def for_odoo(cls, ground: Ground) -> PrivateApt:
        """Return apt that sees Debian unstable (Odoo) and bookworm (Font Awesome 4)."""
        mirror = _debian_mirror()
        options = mirror.options
        if KEYRING.exists() and "trusted" not in options:
            options = f"signed-by={KEYRING}"
        base = Source(mirror.uri, mirror.suite, "main", options)
        return cls(ground, "unstable", base.line("sid") + base.line("bookworm"))

    @classmethod
    def for_machine(cls, ground: Ground) -> PrivateApt:
        """Return apt that sees the machine's own release of Debian, with updates."""
        _debian_mirror()
        lines = {s.line(components="main") for s in machine_sources() if s.is_debian}
        return cls(ground, "machine", "".join(sorted(lines)))

    def update(self) -> None:
        """Read the package lists."""
        for folder in ("lists/partial", "cache/archives/partial", "debs"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        (self.home / "sources.list").write_text(self.sources, encoding="utf-8")
        (self.home / "apt.conf").write_text(self._configuration(), encoding="utf-8")
        self._apt_get("apt-update", "update")

    def version(self, package: str) -> str | None:
        """Return the candidate version of a package, None when there is none."""
        text = output(["apt-cache", *self._options(), "policy", package]) or ""
        match = re.search(r"^\s*Candidate:\s*(\S+)", text, re.MULTILINE)
        return match[1] if match and match[1] != "(none)" else None

    def download(self, packages: Sequence[str]) -> list[Path]:
        """Fetch packages (``name`` or ``name/suite``); return their files in order."""
        debs = self.home / "debs"
        self._apt_get("apt-download", "download", *packages, cwd=debs)
        return [self._newest(debs, package.split("/")[0]) for package in packages]

    def download_with_dependencies(self, packages: Sequence[str]) -> list[Path]:
        """Fetch packages and all they need that the machine has not installed."""
        archives = self.home / "cache" / "archives"
        shutil.rmtree(archives, ignore_errors=True)
        (archives / "partial").mkdir(parents=True)
        self._apt_get(
            "apt-download",
            *("install", "--download-only", "--no-install-recommends", "--yes"),
            *("-o", "Debug::NoLocking=true", *packages),
        )
        return sorted(archives.glob("*.deb"))

    def _newest(self, folder: Path, package: str) -> Path:
        files = sorted(folder.glob(f"{package}_*.deb"), key=lambda p: p.stat().st_mtime)
        if not files:
            raise StepFailedError(f"apt fetched no file of {package}", NO_APT)
        return files[-1]

    def _apt_get(self, log: str, *words: str, cwd: Path | None = None) -> None:
        run(
            ["apt-get", *self._options(), *words],
            log=self.ground.log(f"{log}-{self.name}"),
            why="apt-get could not fetch from the machine's Debian mirror",
            advice="Check that `apt-get update` works on this machine, then run again.",
            cwd=cwd,
        )

    def _options(self) -> list[str]:
        return ["-q", "-c", str(self.home / "apt.conf")]

    def _configuration(self) -> str:
        home = self.home
        return "".join(
            f"{line};\n"
            for line in (
                "#clear APT::Update::Post-Invoke",
                "#clear APT::Update::Post-Invoke-Success",
                "#clear DPkg::Post-Invoke",
                "#clear APT::Default-Release",
                f'Dir::Etc::SourceList "{home}/sources.list"',
                'Dir::Etc::SourceParts "/dev/null"',
                'Dir::Etc::Preferences "/dev/null"',
                'Dir::Etc::PreferencesParts "/dev/null"',
                f'Dir::State::Lists "{home}/lists"',
                f'Dir::Cache "{home}/cache"',
                'APT::Sandbox::User "root"',
                'Acquire::Languages "none"',
                'Acquire::Retries "3"',
                'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"',
                'Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false"',
            )
        )


def _debian_mirror() -> Source:
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise StepFailedError("This machine has no apt-get and dpkg-deb.", NO_APT)
    for source in machine_sources():
        if source.is_main_archive and not source.uri.startswith("cdrom:"):
            return source
    raise StepFailedError(
        "The machine's apt configuration names no Debian mirror, and only Debian"
        " has a package of Odoo 19.",
        NO_APT,
    )
