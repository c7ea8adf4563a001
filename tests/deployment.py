"""Agreement between manifests, lock files, Docker files and translations, as rules.

Each rule takes the root of a tree and returns its violations as text, none = agreed.
Docker itself need not be present.
"""

from __future__ import annotations

import ast
import configparser
import re
import shlex
from pathlib import Path
from typing import Any

import polib
import yaml

import odoo.release

SERIES = "19.0"
# Heavy libraries that Odoo does not bring: whoever imports them declares them.
DECLARED_LIBRARIES = {"numpy", "pandas"}
LANGUAGES = ("zh_CN",)


def manifests(root: Path) -> dict[str, dict[str, Any]]:
    return {
        path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
        for path in sorted(root.glob("addons/*/__manifest__.py"))
    }


def pins(path: Path) -> dict[str, set[str]]:
    """Return the pinned versions per package, names normalised."""
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", line)
        if match:
            found.setdefault(normalised(match[1]), set()).add(match[2])
    return found


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def oca_addons(root: Path) -> dict[str, str]:
    """Return the versions of the OCA addons that are installed as wheels."""
    return {
        name.removeprefix("odoo-addon-").replace("-", "_"): next(iter(versions))
        for name, versions in pins(root / "requirements-oca.txt").items()
    }


def core_addons() -> set[str]:
    """Return the names of the addons of the Odoo that runs this test."""
    package = Path(odoo.release.__file__).resolve().parent
    folders = (package / "addons", package.parent / "addons")
    return {path.parent.name for f in folders for path in f.glob("*/__manifest__.py")}


def dockerfile(root: Path) -> list[list[str]]:
    """Return the instructions as words, the instruction's name first."""
    text = (root / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [
        shlex.split(line, comments=True) for line in text.splitlines() if line[:1] > "#"
    ]


def copied(root: Path) -> dict[str, str]:
    """Return what the Dockerfile copies, and where to (a folder ends with /)."""
    result = {}
    for words in dockerfile(root):
        if words[0] == "COPY":
            *sources, target = [word for word in words[1:] if word[:2] != "--"]
            result |= dict.fromkeys(sources, target)
    return result


def compose(root: Path) -> dict[str, Any]:
    return yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))


def settings(root: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(root / "odoo.conf", encoding="utf-8")
    return parser["options"]


def versions_are_of_the_series(root: Path) -> list[str]:
    """Addons, OCA wheels and the image are all of the same Odoo series."""
    found = [
        f"{name}: version {manifest.get('version')}"
        for name, manifest in manifests(root).items()
        if not re.fullmatch(rf"{re.escape(SERIES)}(\.\d+){{3}}", manifest["version"])
    ]
    found += [
        f"requirements-oca.txt: {name} {version}"
        for name, version in oca_addons(root).items()
        if not version.startswith(SERIES + ".")
    ]
    image = next(words[1] for words in dockerfile(root) if words[0] == "FROM")
    if image != f"odoo:{SERIES}":
        found.append(f"Dockerfile: FROM {image}")
    tag = compose(root)["services"]["odoo"]["image"].rpartition(":")[2]
    return found + ([f"docker-compose.yml: tag {tag}"] if tag != SERIES else [])


def dependencies_are_provided(root: Path) -> list[str]:
    """Each addon depends on core, on one of ours, or on a pinned OCA wheel."""
    ours = manifests(root)
    provided = core_addons() | set(ours) | set(oca_addons(root))
    return [
        f"{name} depends on {dependency}"
        for name, manifest in ours.items()
        for dependency in manifest.get("depends", ())
        if dependency not in provided
    ]


def libraries_are_locked(root: Path) -> list[str]:
    """External Python dependencies stand in the lock file; imports are declared."""
    found = []
    locked = pins(root / "requirements.lock")
    for name, manifest in manifests(root).items():
        external = manifest.get("external_dependencies", {}).get("python", ())
        declared = {normalised(re.split(r"[<>=~! ]", entry)[0]) for entry in external}
        found += [f"{name}: {entry} is not locked" for entry in declared - set(locked)]
        for path in sorted((root / "addons" / name).rglob("*.py")):
            missing = (_imports(path) & DECLARED_LIBRARIES) - declared
            found += [f"{path}: {entry} is not declared" for entry in missing]
    return found


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").split(".")[0])
    return names


def image_libraries_agree(root: Path) -> list[str]:
    """The image gets the locked versions of all that the addons declare."""
    locked = pins(root / "requirements.lock")
    image = pins(root / "requirements-addons.txt")
    found = [
        f"requirements-addons.txt: {name} {', '.join(versions)} is not locked"
        for name, versions in image.items()
        if not versions <= locked.get(name, set())
    ]
    for name, manifest in manifests(root).items():
        external = manifest.get("external_dependencies", {}).get("python", ())
        wanted = {normalised(re.split(r"[<>=~! ]", entry)[0]) for entry in external}
        missing = (wanted & DECLARED_LIBRARIES) - set(image)
        found += [f"{name} needs {entry} in the image" for entry in missing]
    return found


def image_paths_agree(root: Path) -> list[str]:
    """odoo.conf looks where the Dockerfile puts addons, wheels and settings."""
    found = []
    places = copied(root)
    paths = [path.strip() for path in settings(root)["addons_path"].split(",")]
    if places.get("addons") not in paths:
        found.append(f"addons are copied to {places.get('addons')}, not in {paths}")
    if places.get("odoo.conf") != "/etc/odoo/odoo.conf":
        found.append("odoo.conf is not copied to where the image reads it")
    targets = [
        words[i + 1]
        for words in dockerfile(root)
        for i, word in enumerate(words)
        if word == "--target"
    ]
    if [f"{target}/odoo/addons" for target in targets] != paths[1:]:
        found.append(f"OCA wheels go to {targets}, addons_path has {paths[1:]}")
    for name in ("requirements-oca.txt", "requirements-addons.txt"):
        folder = places.get(name, "")
        used = any(f"{folder}{name}" in words for words in dockerfile(root))
        if not folder.endswith("/") or not used:
            found.append(f"Dockerfile does not copy and install {name}")
    ignored = (root / ".dockerignore").read_text(encoding="utf-8").split()
    return found + [
        f".dockerignore keeps {source} out of the build"
        for source in places
        if f"!{source}" not in ignored
    ]


def compose_agrees(root: Path) -> list[str]:
    """The compose file runs our addons on a healthy database and keeps its files."""
    services = compose(root)["services"]
    web, db = services["odoo"], services["db"]
    found = [
        f"service {name} has no health check"
        for name, service in services.items()
        if "test" not in service.get("healthcheck", {})
    ]
    if web.get("build") != ".":
        found.append("the service odoo is not built from this Dockerfile")
    waits = web.get("depends_on", {}).get("db", {}).get("condition")
    if waits != "service_healthy":
        found.append("odoo does not wait for a healthy database")
    data = settings(root)["data_dir"]
    if data not in {volume.partition(":")[2] for volume in web["volumes"]}:
        found.append(f"no volume keeps data_dir {data}")
    for ours, theirs in (("USER", "POSTGRES_USER"), ("PASSWORD", "POSTGRES_PASSWORD")):
        if web["environment"][ours] != db["environment"][theirs]:
            found.append(f"{ours} differs from {theirs}")
    words = " ".join(web["command"])
    installed = set(re.search(r"--init=(\S+)", words)[1].split(","))
    wanted = {n for n, m in manifests(root).items() if not m.get("auto_install")}
    if installed != wanted:
        found.append(f"compose installs {sorted(installed)}, we have {sorted(wanted)}")
    return found


def translations_are_complete(root: Path) -> list[str]:
    """Each addon has a template and, per language, every term of it translated."""
    found = []
    for name in manifests(root):
        folder = root / "addons" / name / "i18n"
        template = folder / f"{name}.pot"
        if not template.exists():
            found.append(f"{name}: {template.name} is missing")
            continue
        terms = {(entry.msgid, entry.msgctxt) for entry in polib.pofile(str(template))}
        for language in LANGUAGES:
            path = folder / f"{language}.po"
            if not path.exists():
                found.append(f"{name}: {path.name} is missing")
                continue
            entries = polib.pofile(str(path))
            done = {(e.msgid, e.msgctxt) for e in entries if e.translated()}
            found += [f"{path}: not translated: {term}" for term, _c in terms - done]
            found += [f"{path}: fuzzy: {e.msgid}" for e in entries.fuzzy_entries()]
    return found


RULES = (
    versions_are_of_the_series,
    dependencies_are_provided,
    libraries_are_locked,
    image_libraries_agree,
    image_paths_agree,
    compose_agrees,
    translations_are_complete,
)
