"""Unpacking Debian packages into a private root."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

from .progress import StepFailedError

BROKEN = "Delete the folder `apt` in the generated folder and run again."


def unpack(
    deb: Path, target: Path, wanted: Callable[[str], bool] | None = None
) -> None:
    """Unpack the files of ``deb`` whose path (``usr/…``) ``wanted`` accepts.

    The caller owns ``target`` until it is complete: a failure may leave half of
    the files there.
    """
    command = ["dpkg-deb", "--fsys-tarfile", str(deb)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
                _extract(archive, target, wanted)
        except (tarfile.TarError, OSError) as error:
            process.kill()
            raise StepFailedError(
                f"cannot unpack {deb.name}: {error}", BROKEN
            ) from error
    if process.returncode:
        raise StepFailedError(f"dpkg-deb cannot read {deb.name}", BROKEN)


def _extract(
    archive: tarfile.TarFile, target: Path, wanted: Callable[[str], bool] | None
) -> None:
    safe = getattr(tarfile, "tar_filter", None)
    if safe:
        archive.extraction_filter = safe
    for member in archive:
        path = member.name.removeprefix("./").strip("/")
        if not path or (wanted and not wanted(path)):
            continue
        # Everything stays owned and readable by whoever runs this.
        member.mode |= 0o700 if member.isdir() else 0o600
        archive.extract(member, target, set_attrs=not member.isdir())
