"""Old office files (.doc .wps .rtf .odt .ofd) to .docx by LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from workplan.read.fault import fault
from workplan.read.settings import settings

_NAMES = ("soffice", "libreoffice")


def to_docx(data: bytes, path: Path) -> bytes:
    """The bytes of the .docx that LibreOffice makes of `data`, the content of `path`.

    Raises FileError: no-converter, not-converted.
    """
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise fault("no-converter", detail=path.suffix or "an old Office file")
    with tempfile.TemporaryDirectory(prefix="workplan-") as folder:
        # Its own name may hold anything; the suffix helps LibreOffice to choose a filter.
        source = Path(folder, "source" + path.suffix.lower())
        source.write_bytes(data)
        _convert(program, source)
        made = source.with_suffix(".docx")
        if made == source or not made.exists() or not made.stat().st_size:
            raise fault("not-converted", detail="it made no document")
        return made.read_bytes()


def _convert(program: str, source: Path) -> None:
    command = [
        program,
        # A profile of its own, or a LibreOffice that is open already would take the job.
        f"-env:UserInstallation={Path(source.parent, 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "docx",
        "--outdir",
        str(source.parent),
        str(source),
    ]
    # A document may link to pictures on the web; a proxy that is not there keeps it from asking.
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://127.0.0.1:9")
    try:
        process = subprocess.Popen(
            command,
            env={**os.environ, **nowhere},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise fault("not-converted", detail=str(error)) from error
    with process:
        try:
            _, complaints = process.communicate(timeout=settings().limits.convert_seconds)
        except subprocess.TimeoutExpired as error:
            _kill(process)
            raise fault("not-converted", detail="it took too long") from error
    if process.returncode:
        detail = complaints.decode("utf-8", "replace").strip()[-200:]
        raise fault("not-converted", detail=detail or f"exit code {process.returncode}")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End LibreOffice, which works in a child of the program that was started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
