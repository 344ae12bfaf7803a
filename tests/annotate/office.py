"""An office with a real Doccano server of its own."""

from __future__ import annotations

import signal
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from click.testing import CliRunner, Result

from workplan import resources
from workplan.annotate import server
from workplan.annotate.journal import Journal
from workplan.annotate.rows import KEY
from workplan.cli import cli
from workplan.train.corpus import Example, write_corpus


@dataclass
class Office:
    """A server's data folder, a corpus, and the command line on them."""

    data: Path
    corpus: Path
    venv: Path

    def run(self, *arguments: str) -> Result:
        """Run `workplan annotate …` and expect it to work."""
        result = self.attempt(*arguments)
        assert result.exit_code == 0, f"{result.output}\n{result.exception}"
        return result

    def attempt(self, command: str, *arguments: str) -> Result:
        """Run `workplan annotate …` whatever comes of it."""
        options = ["--corpus", str(self.corpus)]
        if command in ("push", "pull"):
            options += ["--data", str(self.data)]
        return CliRunner().invoke(cli, ["annotate", command, *arguments, *options])

    def serve(self) -> None:
        """Start the server, or what is missing of it."""
        server.serve(self.data, annotators=2, venv=self.venv, say=lambda line: None)

    def kill(self, name: str) -> None:
        """End one of the server's two processes as a crash would, children included."""
        found = server.find_server(self.data)
        assert found is not None
        process = psutil.Process(found.processes[name][0])
        for member in (*process.children(recursive=True), process):
            member.send_signal(signal.SIGKILL)
        psutil.wait_procs([process], timeout=5)

    @property
    def journal(self) -> Journal:
        """What was sent so far."""
        return Journal.load(self.corpus / "sent" / "workplan.jsonl")

    def keys(self) -> list[str]:
        """The ids of the sentences on the server, one an example."""
        rows = server.own_session(self.data).download(self.journal.project["id"])["admin"]
        return sorted(row[KEY] for row in rows)


def write_sentences(path: Path, examples: list[Example]) -> str:
    """A file of sentences without their spans, to push."""
    write_corpus(path, [replace(example, spans=()) for example in examples])
    return str(path)


def configuration(name: str, path: Path | None = None, **changes: str) -> Path:
    """The shipped configuration, or a copy at `path` with lines `key: value` changed."""
    shipped = resources.config(name)
    if path is None:
        return shipped
    lines = shipped.read_text(encoding="utf-8").split("\n")
    changed = [
        next((f"{k}: {v}" for k, v in changes.items() if line.startswith(f"{k}:")), line)
        for line in lines
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(changed), encoding="utf-8")
    return path
