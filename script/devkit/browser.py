"""Headless Chromium for tours, and a Chinese font, without installing anything.

Odoo's tests look for ``google-chrome`` or ``chromium`` on PATH. Where there is
none, Debian's package and all that the machine lacks of its dependencies are
unpacked into a private root, and a wrapper starts it with that root's libraries
and fonts.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from pathlib import Path

from . import stamps
from .apt import PrivateApt
from .debs import unpack
from .ground import Ground
from .progress import StepFailedError, output, say, step

NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
FONT = "fonts-wqy-microhei"
LAYOUT = "1"
NO_BROWSER = (
    "Install Chromium or Google Chrome so that it is on PATH (Debian: package chromium)"
    " and run again; script/test --no-browser leaves the browser tests out."
)
# Parts of the C library and the loader: another version than the machine's crashes.
NEVER_UNPACK = ("libc6_", "libc-bin_", "locales_")


def provide(ground: Ground) -> Path | None:
    """Return the folder to put first on PATH; None if the machine's browser will do."""
    with step("Browser: headless Chromium with a Chinese font"):
        present = next(filter(None, map(shutil.which, NAMES)), None)
        if present and _has_chinese_font():
            _check(Path(present))
            return None
        home = ground.dev / "browser"
        wrapper = home / "bin" / NAMES[0]
        kind = "fonts" if present else "chromium"
        if not stamps.is_current(home / "STAMP", f"{kind} {LAYOUT}"):
            _fetch(ground, home, [FONT] if present else ["chromium", FONT])
            _write_fontconfig(home)
            _write_wrapper(home, wrapper, present)
            _check(wrapper)
            stamps.write(home / "STAMP", f"{kind} {LAYOUT}")
        _check(wrapper)
        return wrapper.parent


def _has_chinese_font() -> bool:
    return bool((output(["fc-list", ":lang=zh-cn", "family"]) or "").strip())


def _fetch(ground: Ground, home: Path, packages: list[str]) -> None:
    say(f"  fetching {' and '.join(packages)} from the Debian mirror (once)")
    shutil.rmtree(home, ignore_errors=True)
    try:
        apt = PrivateApt.for_machine(ground)
        apt.update()
        for deb in apt.download_with_dependencies(packages):
            if not deb.name.startswith(NEVER_UNPACK):
                unpack(deb, home / "root", _wanted)
    except StepFailedError as error:
        error.advice = NO_BROWSER
        raise
    shutil.rmtree(apt.home, ignore_errors=True)


def _wanted(path: str) -> bool:
    papers = ("usr/share/doc/", "usr/share/man/", "usr/share/locale/")
    return not path.startswith(papers)


def _write_fontconfig(home: Path) -> None:
    """Let fontconfig find the machine's fonts and the fetched ones."""
    system = Path("/etc/fonts/fonts.conf")
    base = system if system.exists() else home / "root/etc/fonts/fonts.conf"
    include = f'<include ignore_missing="yes">{base}</include>'
    (home / "fonts.conf").write_text(
        '<?xml version="1.0"?>\n<fontconfig>\n'
        f"  {include}\n"
        f"  <dir>{home}/root/usr/share/fonts</dir>\n"
        "  <dir>/usr/share/fonts</dir>\n"
        f"  <cachedir>{home}/fontcache</cachedir>\n"
        "</fontconfig>\n",
        encoding="utf-8",
    )


def _write_wrapper(home: Path, wrapper: Path, present: str | None) -> None:
    root = home / "root"
    lines = ["#!/bin/sh", f'export FONTCONFIG_FILE="{home}/fonts.conf"']
    if present:
        binary = present
    else:
        binary = str(root / "usr/lib/chromium/chromium")
        folders = {str(path.parent) for path in root.glob("**/*.so*")}
        libraries = ":".join(sorted(folders, key=lambda f: (f.count("/"), f)))
        lines.append(f'export LD_LIBRARY_PATH="{libraries}"')
        lines.append(f'export XDG_DATA_DIRS="{root}/usr/share:/usr/share"')
    lines.append(f'exec "{binary}" "$@"')
    wrapper.parent.mkdir(parents=True, exist_ok=True)
    wrapper.write_text("\n".join(lines) + "\n", encoding="utf-8")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


def _check(browser: Path) -> None:
    """Let the browser render a page; a tour would be skipped silently otherwise."""
    with tempfile.TemporaryDirectory(prefix="budget-browser-") as profile:
        page = output(
            [browser, "--headless", "--no-sandbox", "--disable-gpu"]
            + ["--disable-dev-shm-usage", f"--user-data-dir={profile}"]
            + ["--dump-dom", "data:text/html,<p>ready</p>"],
            env={**os.environ, "HOME": profile},
            timeout=60,
        )
    if "ready" not in (page or ""):
        raise StepFailedError(f"{browser} does not start.", NO_BROWSER)
