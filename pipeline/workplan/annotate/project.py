"""The Doccano project of a journal: made once, checked before every push and pull."""

from __future__ import annotations

from collections.abc import Collection

from workplan.annotate.client import Doccano, ServerError
from workplan.annotate.journal import Journal
from workplan.annotate.settings import Settings
from workplan.errors import UserError


def open_project(
    doccano: Doccano, journal: Journal, settings: Settings, guideline: str, *, shared: bool
) -> int:
    """The number of the journal's project; made with its types where there is none.

    `shared`: whether all annotators work on one set of spans. A project of that name which
    nobody's journal knows is taken over only while it is empty. Raises UserError otherwise.
    """
    if journal.project:
        number = check_project(doccano, journal, settings)
    else:
        number = _make(doccano, settings, guideline, shared)
        types = {row["text"]: row["id"] for row in doccano.types(number)}
        for kind in settings.types:
            if kind.name not in types:
                types[kind.name] = doccano.create_type(number, kind)["id"]
        named = {kind.label: types[kind.name] for kind in settings.types}
        journal.set_project(number, doccano.url, named)
    return number


def check_project(doccano: Doccano, journal: Journal, settings: Settings) -> int:
    """The number of the journal's project, after a look at what people may have changed by hand.

    Raises UserError where it is gone, counts offsets in another way, or where a type was
    renamed, added or deleted (then with how to mend it).
    """
    if not journal.project:
        raise UserError(
            "nothing was pushed yet (还没有推送过)",
            where=str(journal.path),
            remedy="run `workplan annotate push PLANS…` first",
        )
    number = int(journal.project["id"])
    try:
        project = doccano.project(number)
    except ServerError as error:
        if error.status != 404:
            raise
        raise _strange(doccano, journal, f"project {number} is not there") from error
    if project["name"] != settings.project:
        raise _strange(doccano, journal, f"project {number} is called {project['name']!r}")
    if project.get("grapheme_mode") or project.get("allow_overlapping"):
        raise UserError(
            "the project's settings were changed: spans may overlap, or offsets count graphemes"
            " (项目设置被改动)",
            where=f"{doccano.url}/projects/{number}/settings",
            remedy="switch 'Allow overlapping spans' and 'Count grapheme clusters' off again",
        )
    _check_types(doccano, number, journal, settings)
    return number


def check_sentences(
    doccano: Doccano, number: int, journal: Journal, present: Collection[str | None]
) -> None:
    """Raises UserError where not one of the sentences that arrived is among the keys `present`: a
    server may have a project of this number, name and types that is another's."""
    if journal.arrived and journal.arrived.isdisjoint(present):
        raise UserError(
            f"none of the {len(journal.arrived)} sentences sent before is there: another server,"
            " or an emptied project (找不到以前推送的句子)",
            where=f"{doccano.url}/projects/{number}",
            remedy=f"connect to the server they were sent to ({journal.project['url']}), or send"
            " them anew with `push --restore`",
        )


def _check_types(doccano: Doccano, number: int, journal: Journal, settings: Settings) -> None:
    names = {row["id"]: row["text"] for row in doccano.types(number)}
    where = f"{doccano.url}/projects/{number}/labels"
    for kind in settings.types:
        place = journal.project["types"][kind.label]
        if place not in names:
            raise UserError(
                f"the type {kind.name} was deleted, and all its annotations with it"
                f" (标签“{kind.name}”已被删除，其标注随之丢失)",
                where=where,
                remedy=f"restore Doccano's database from a backup; or {_anew(journal)}",
            )
        if names[place] != kind.name:
            raise UserError(
                f"the type {kind.name} was renamed to {names[place]}"
                f" (标签“{kind.name}”被改名为“{names[place]}”)",
                where=where,
                remedy=f"name it {kind.name} again, or set `name: {names[place]}` for"
                f" {kind.label} in configs/annotate.yaml; then run the same command again",
            )
    added = set(names) - set(journal.project["types"].values())
    if added:
        raise UserError(
            f"there are types that the guideline does not have: "
            f"{', '.join(sorted(names[place] for place in added))} (多出了手册之外的标签)",
            where=where,
            remedy="delete them there (annotations with them are lost), or relabel those first",
        )


def _make(doccano: Doccano, settings: Settings, guideline: str, shared: bool) -> int:
    found = doccano.projects(settings.project)
    for project in found:
        if not any(doccano.download(project["id"]).values()):
            return int(project["id"])  # an interrupted push made it
    if found:
        raise UserError(
            f"a project called {settings.project!r} exists that this corpus did not make"
            " (同名项目已存在)",
            where=f"{doccano.url}/projects/{found[0]['id']}",
            remedy="set another `project` in configs/annotate.yaml",
        )
    return int(doccano.create_project(settings.project, guideline, collaborative=shared)["id"])


def _strange(doccano: Doccano, journal: Journal, what: str) -> UserError:
    return UserError(
        f"{what}, though {journal.path.name} says it was made there (找不到原来的项目)",
        where=doccano.url,
        remedy=f"connect to the server it was made on ({journal.project['url']}); or"
        f" {_anew(journal)}",
    )


def _anew(journal: Journal) -> str:
    """How to send again what was not pulled, once a project is lost."""
    return (
        f"begin anew: move {journal.path} away, set another `project` in configs/annotate.yaml and"
        " push again; what was pulled is safe and not sent twice"
    )
