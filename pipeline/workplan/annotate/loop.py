"""What a push or a pull works with: the settings, a locked journal, sessions on the server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from workplan.annotate import server
from workplan.annotate.accounts import asked_for, read_accounts
from workplan.annotate.client import Doccano
from workplan.annotate.journal import Journal
from workplan.annotate.settings import Settings
from workplan.errors import UserError


class Loop:
    """`with Loop(…) as loop:` holds the project's lock and gives journal and sessions.

    With `url`, another's server: one session, as the user that the environment names or `ask`
    answers, and a shared project. Without, our own in `data`, with a session for each annotator.
    Raises UserError where another push or pull is at work, or the server cannot be reached.
    """

    doccano: Doccano
    annotators: dict[str, Doccano]
    journal: Journal

    def __init__(
        self,
        settings: Settings,
        corpus: Path,
        data: Path,
        url: str | None,
        ask: Callable[[str, bool], str],
    ) -> None:
        self.settings, self._data, self._url, self._ask = settings, data, url, ask
        self._path = corpus / "sent" / f"{settings.project}.jsonl"
        self._lock = FileLock(self._path.with_suffix(".lock"), timeout=0)

    def __enter__(self) -> Loop:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise UserError(
                "another push or pull is at work (另一个推送或取回正在进行)",
                where=str(self._path),
                remedy="wait until it is done",
            ) from error
        except OSError as error:
            raise UserError(
                f"cannot write: {error.strerror or error} (无法写入，磁盘可能已满)",
                where=str(self._path.parent),
                remedy="make room, or see that you may write there; then run it again",
            ) from error
        try:
            self.journal = Journal.load(self._path)
            self._connect()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        self._lock.release()

    def _connect(self) -> None:
        seconds, job_seconds = self.settings.answer_seconds, self.settings.job_seconds
        if self._url:
            user, password = asked_for(self._url, self._ask)
            self.doccano = Doccano(
                self._url, user, password, seconds=seconds, job_seconds=job_seconds
            )
            self.annotators = {}
            return
        self.doccano, *sessions = (
            server.own_session(self._data, name, seconds=seconds, job_seconds=job_seconds)
            for name in (None, *read_accounts(self._data).annotators)
        )
        self.annotators = {session.user: session for session in sessions}
