"""Where things lie: the clone, its one generated folder, and our addons."""

from __future__ import annotations

import ast
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from .progress import say

KEPT_RUNS = 5
LANGUAGES = ("en_US", "zh_CN")


@dataclass(frozen=True)
class Ground:
    """The folders of one clone. Two clones never share a ``dev`` folder."""

    root: Path
    dev: Path
    run: str = ""

    @classmethod
    def here(cls) -> Ground:
        """Return the ground of the clone this file lies in."""
        root = Path(__file__).resolve().parents[2]
        chosen = os.environ.get("BUDGET_DEV_DIR")
        dev = Path(chosen).expanduser().resolve() if chosen else root / ".dev"
        dev.mkdir(parents=True, exist_ok=True)
        return cls(root, dev)

    @property
    def addons(self) -> Path:
        return self.root / "addons"

    @property
    def logs(self) -> Path:
        """Where logs go; a run of the tests has a folder of its own."""
        return self.dev / "log" / self.run

    @property
    def data(self) -> Path:
        """Odoo's data folder: filestore and sessions."""
        return self.dev / "data"

    @property
    def python(self) -> Path:
        return self.dev / "venv" / "bin" / "python"

    @property
    def odoo(self) -> Path:
        """Odoo's program, to be run by :attr:`python`."""
        return self.dev / "venv" / "bin" / "odoo"

    def log(self, name: str) -> Path:
        """Return the log file of a step, making its folder."""
        self.logs.mkdir(parents=True, exist_ok=True)
        return self.logs / f"{name}.log"

    def begin_run(self) -> Ground:
        """Return this ground with a new folder for logs; forget the oldest runs."""
        runs = sorted(
            (self.dev / "log").glob("test-*"), key=lambda path: path.stat().st_mtime
        )
        for old in runs[:-KEPT_RUNS]:
            if not is_running(int(old.name.partition("-")[2])):
                shutil.rmtree(old, ignore_errors=True)
        return replace(self, run=f"test-{os.getpid()}")

    def our_addons(self) -> list[str]:
        """Return the names of the installable addons of this clone, sorted."""
        return sorted(
            path.parent.name
            for path in self.addons.glob("*/__manifest__.py")
            if read_manifest(path).get("installable", True)
        )

    def addons_digest(self) -> str:
        """Return a hash of all that an update of our addons could load."""
        return digest(
            path
            for path in sorted(self.addons.rglob("*"))
            if path.is_file()
            and "__pycache__" not in path.parts
            and "tests" not in path.relative_to(self.addons).parts[1:-1]
            and path.suffix not in {".md", ".pyc", ".pot"}
        )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one set-up at a time work in the generated folder."""
        with (self.dev / "lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("Another set-up is at work in this clone; waiting for it")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def is_running(pid: int) -> bool:
    """Tell whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def read_manifest(path: Path) -> dict[str, object]:
    """Return the manifest in ``path``; an unreadable one counts as not installable."""
    try:
        return ast.literal_eval(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError) as error:
        say(f"  left out {path.parent.name}: its manifest cannot be read ({error})")
        return {"installable": False}


def digest(paths: Iterable[Path]) -> str:
    """Return a short hash of the names and contents of files."""
    total = hashlib.sha256()
    for path in paths:
        total.update(str(path).encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:16]
