"""An output folder behind a URL: worked on in a folder here, and kept there as it grows."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workplan.batch.folder import MANIFEST, OURS, OutputFolder, finished, outputs_of
from workplan.batch.location import file_system
from workplan.batch.shards import Entry
from workplan.errors import UserError


class RemoteFolder(OutputFolder):
    """A run's hold on a folder behind a URL.

    Whatever is done is put there under .work, where the same command finds it, on another machine
    too. A file is put aside and then renamed, so that it is complete or absent. No such file
    system can be locked: where two runs take the same folder, the later one has it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._system, self._there = file_system(url)
        self._here = TemporaryDirectory(prefix="workplan-", ignore_cleanup_errors=True)
        self._owner = uuid.uuid4().hex
        self._done = ""
        self._kept: set[str] = set()
        super().__init__(Path(self._here.name))

    def open(self, key: dict[str, str], *, overwrite: bool, resume: bool) -> dict[str, Entry]:
        """Take the folder, as OutputFolder.open does."""
        # Under a name of the key's own: what a run with another key puts there is never taken up.
        key_sum = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
        self._done = f".work/{key_sum[:16]}"
        with self._answering():
            self._system.invalidate_cache()
            unfinished = self._system.exists(self._at(".work"))
            if not unfinished and not overwrite:
                there = [name for name in OURS if self._system.exists(self._at(name))]
                if there:
                    raise finished(self._url, there)
            if unfinished and resume:
                self._fetch(key)
        done = super().open(key, overwrite=True, resume=resume)
        with self._answering():
            if not done:
                self._remove(self._done)
                self._kept.clear()
            self._system.makedirs(self._at(self._done), exist_ok=True)
            self._system.pipe_file(self._at(".work/owner"), self._owner.encode())
        return done

    def keep(self, entries: Sequence[Entry]) -> None:
        """Put the shards of these entries there."""
        with self._answering():
            for name in {entry.shard for entry in entries if entry.shard} - self._kept:
                self._put(self.shards / name, f"{self._done}/{name}")
                self._kept.add(name)

    def place(self) -> list[str]:
        """Put the outputs there, run.json last, in place of an earlier run's; their names."""
        names = sorted(path.name for path in self.final.iterdir())
        with self._answering():
            if self._system.cat_file(self._at(".work/owner")) != self._owner.encode():
                raise UserError(
                    "another run has taken this folder (另一任务已占用该目录)",
                    where=self._url,
                    remedy="let that one finish, or choose another --out",
                )
            earlier = self._earlier_outputs()
            for name in sorted(names, key=lambda name: name == MANIFEST):
                source = self.final / name
                if source.is_dir():  # its files are called by what they hold
                    self._remove(name)
                    self._system.put(f"{source}/", self._at(name) + "/", recursive=True)
                else:
                    self._put(source, name)
            for name in earlier - set(names):
                self._remove(name)
        return names

    def close(self, *, finished: bool) -> None:
        """Let go of the folder; a finished run leaves no trace of its work."""
        super().close(finished=finished)
        self._here.cleanup()
        if finished:
            with self._answering():
                self._remove(".work")

    def _fetch(self, key: dict[str, str]) -> None:
        """Bring what an unfinished run with this key has put there."""
        self.shards.mkdir(parents=True)
        (self.work / "key.json").write_text(json.dumps(key), encoding="utf-8")
        for path in self._system.glob(self._at(f"{self._done}/*.shard")):
            name = str(path).rsplit("/", 1)[1]
            self._system.get_file(path, str(self.shards / name))
            self._kept.add(name)

    def _put(self, source: Path, name: str) -> None:
        """Put one file there, complete or not at all."""
        aside, goal = self._at(f".work/{source.name}.part"), self._at(name)
        self._system.makedirs(goal.rsplit("/", 1)[0], exist_ok=True)
        self._system.put_file(str(source), aside)
        if self._system.exists(goal):  # some rename to a free name alone
            self._system.rm_file(goal)
        self._system.mv(aside, goal)

    def _remove(self, name: str) -> None:
        if self._system.exists(self._at(name)):
            self._system.rm(self._at(name), recursive=True)

    def _earlier_outputs(self) -> set[str]:
        if not self._system.exists(self._at(MANIFEST)):
            return set()
        return outputs_of(self._system.cat_file(self._at(MANIFEST)))

    def _at(self, name: str) -> str:
        return f"{self._there}/{name}"

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Whatever the file system raises ends the run with advice."""
        try:
            yield
        except UserError:
            raise
        except Exception as error:  # network, rights, room: each protocol raises its own
            raise UserError(
                f"the folder does not take or give files: {str(error) or repr(error)}"
                " (无法读写输出目录)",
                where=self._url,
                remedy="check address, rights and room; the same command goes on where it stopped"
                " (核对地址、权限与空间后重新运行即可续跑)",
            ) from error
