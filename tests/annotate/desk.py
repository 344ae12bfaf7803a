"""An office at work on a fake server, and the sentences that it sends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fake_doccano import PASSWORD, FakeDoccano

from workplan.annotate.client import Doccano
from workplan.annotate.journal import Journal, Sent
from workplan.annotate.pull import Pulled, pull
from workplan.annotate.push import Pushed, push
from workplan.annotate.settings import Settings
from workplan.types import Span

SENTENCES = (
    Sent(
        "water-1",
        "water",
        "县水利局年内新建泵站3座。",
        (Span(0, 4, "ORG", 0.9), Span(4, 6, "DEADLINE", 0.8), Span(6, 8, "ACTION")),
        ("一、防汛",),
        "random",
    ),
    # U+2028 would end a line for many readers; 𠮷 and 😀 take two UTF-16 units each.
    Sent(
        "water-2",
        "water",
        "𠮷县“智慧水务”\u2028平台😀须于６月底前建成３０个站点。",
        (Span(0, 2, "ORG"), Span(14, 18, "DEADLINE", 0.5), Span(18, 20, "ACTION")),
    ),
    Sent("water-3", "water", "加强管理。", ()),
)


@dataclass
class Desk:
    """An office at work: its corpus, its journal, and ways to push and pull."""

    fake: FakeDoccano
    corpus: Path
    settings: Settings

    @property
    def journal(self) -> Journal:
        """Read anew from disk each time, as another run of the command would."""
        return Journal.load(self.corpus / "sent" / f"{self.settings.project}.jsonl")

    def session(self, user: str = "admin") -> Doccano:
        """A user's session."""
        return Doccano(self.fake.url, user, PASSWORD, seconds=5, job_seconds=0.3)

    def push(
        self, *sentences: Sent, annotators: tuple[str, ...] = ("li", "wang"), restore: bool = False
    ) -> Pushed:
        """Push sentences, all of SENTENCES unless named."""
        return push(
            self.session(),
            self.journal,
            self.settings,
            lambda: sentences or SENTENCES,
            annotators={name: self.session(name) for name in annotators},
            restore=restore,
            quiet=True,
        )

    def pull(self) -> Pulled:
        """Pull with all annotators' sessions."""
        people = {name: self.session(name) for name in ("li", "wang")}
        return pull(
            self.session(), self.journal, self.settings, self.corpus, annotators=people, quiet=True
        )

    def tick(self, key: str, *users: str) -> None:
        """Tick a sentence as these users."""
        for user in users:
            project = self.fake.project()["id"]
            self.session(user).toggle_confirmed(project, self.fake.example_of(key)["id"])

    def redraw(self, key: str, user: str, *spans: tuple[int, int, str]) -> None:
        """Give a user's sentence other spans, in UTF-16 units with Chinese names of types."""
        session, project = self.session(user), self.fake.project()
        example = self.fake.example_of(key)["id"]
        for span in session.spans(project["id"], example):
            session.delete_span(project["id"], example, span["id"])
        kinds = {kind["text"]: kind["id"] for kind in project["types"]}
        for start, end, name in spans:
            session.add_span(project["id"], example, start, end, kinds[name])
