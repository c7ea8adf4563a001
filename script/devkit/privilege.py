"""Running PostgreSQL as root's stand-in: it refuses to run as root itself."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .progress import StepFailedError

STAND_INS = ("postgres", "nobody")


@dataclass(frozen=True)
class Runner:
    """The user that owns and runs the cluster."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    @classmethod
    def for_folder(cls, folder: Path) -> Runner:
        """Return the current user, for root a stand-in that can work in ``folder``."""
        if os.geteuid() != 0:
            return cls(os.getuid(), os.getgid())
        user = _stand_in()
        setpriv = shutil.which("setpriv")
        if not setpriv:
            raise StepFailedError(
                "PostgreSQL does not run as root, and `setpriv` (package util-linux),"
                " which would start it as another user, is missing.",
                "Run as an ordinary user, or set PGHOST, PGUSER and PGPASSWORD to a"
                " server you have.",
            )
        words = [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"]
        words += ["--clear-groups"]
        if not _can_enter(folder, user):
            # The clone lies in a closed folder such as /root: let the stand-in pass.
            words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            # PostgreSQL asks access(2), which forgets capabilities without this.
            words += ["--securebits=+no_setuid_fixup"]
        return cls(user.pw_uid, user.pw_gid, tuple(words))

    def command(self, words: Sequence[str | Path]) -> list[str]:
        """Return the command that runs ``words`` as this user."""
        return [*self.prefix, *map(str, words)]

    def own(self, folder: Path) -> None:
        """Give a folder (not what lies in it) to this user."""
        if folder.stat().st_uid != self.uid:
            os.chown(folder, self.uid, self.gid)


def _stand_in() -> pwd.struct_passwd:
    for name in STAND_INS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise StepFailedError(
        "PostgreSQL does not run as root, and there is no user `postgres` or `nobody`.",
        "Run as an ordinary user.",
    )


def _can_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    """Tell whether ``user`` may pass all folders above ``folder``."""
    for parent in folder.resolve().parents:
        if not parent.exists():
            continue
        facts = parent.stat()
        if facts.st_uid == user.pw_uid:
            bit = 0o100
        elif facts.st_gid == user.pw_gid:
            bit = 0o010
        else:
            bit = 0o001
        if not facts.st_mode & bit:
            return False
    return True
