"""Push: every sentence once, spans intact, and no fault loses or doubles anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import SENTENCES, Desk

from workplan.annotate.client import Doccano, JobError, ServerError
from workplan.annotate.journal import Journal
from workplan.errors import UserError

# Sentence 2 in UTF-16 units: 𠮷 is one unit more, 😀 another.
UNITS = {
    "water-1": [(0, 4, "单位"), (4, 6, "时限"), (6, 8, "动作")],
    "water-2": [(0, 3, "单位"), (16, 20, "时限"), (20, 22, "动作")],
    "water-3": [],
}


def _complete(desk: Desk) -> None:
    """Every sentence stands once, whole, with its spans for everybody."""
    examples = list(desk.fake.project()["examples"].values())
    assert sorted(e["meta"]["key"] for e in examples) == ["water-1", "water-2", "water-3"]
    assert {e["text"] for e in examples} == {s.text for s in SENTENCES}
    for key, units in UNITS.items():
        for user in ("admin", "li", "wang"):
            assert desk.fake.spans_of(key, user) == units, (key, user)


def test_sentences_arrive_with_spans_for_each_annotator(desk: Desk) -> None:
    pushed = desk.push()
    assert (pushed.sentences, pushed.resumed) == (3, False)
    _complete(desk)
    meta = desk.fake.example_of("water-1")["meta"]
    assert (meta["计划"], meta["章节"], meta["置信度"]) == ("water", "一、防汛", "0.80")
    assert desk.fake.example_of("water-3")["meta"]["置信度"] == "无预标注"


def test_types_have_chinese_names_colours_and_keys(desk: Desk) -> None:
    desk.push()
    kinds = {kind["text"]: kind for kind in desk.fake.project()["types"]}
    assert set(kinds) == {"时限", "数量", "单位", "指标", "动作"}
    assert len({kind["background_color"] for kind in kinds.values()}) == 5
    assert {kind["suffix_key"] for kind in kinds.values()} == set("12345")


def test_without_annotators_the_project_is_shared(desk: Desk) -> None:
    desk.push(annotators=())
    assert desk.fake.project()["collaborative_annotation"] is True
    assert desk.fake.project()["members"] == [1]


def test_second_push_adds_to_the_first(desk: Desk) -> None:
    desk.push(*SENTENCES[:1])
    desk.push(*SENTENCES[1:])
    _complete(desk)


def _breaks_at(method: str, part: str, times: int, how: str = "drop") -> Callable[[str, str], str]:
    """A fault at the `times`-th request of a kind."""
    seen = 0

    def fault(verb: str, path: str) -> str | None:
        nonlocal seen
        if verb == method and part in path:
            seen += 1
            return how if seen == times else None
        return None

    return fault


@pytest.mark.parametrize("how", ["drop", "error", "html"])
@pytest.mark.parametrize(
    ("method", "part", "times"),
    [
        ("POST", "/projects", 1),
        ("POST", "/span-types", 3),
        ("POST", "/members", 2),
        ("POST", "/fp/process", 1),
        ("POST", "/fp/process", 2),
        ("POST", "/upload", 1),
        ("POST", "/upload", 2),
        ("GET", "/tasks/status", 4),
        ("GET", "/download", 2),
        ("GET", "/download", 4),
        ("POST", "/spans", 1),
        ("POST", "/spans", 5),
        ("POST", "/spans", 11),
    ],
)
def test_push_goes_on_wherever_it_broke(
    desk: Desk, method: str, part: str, times: int, how: str
) -> None:
    desk.fake.fault = _breaks_at(method, part, times, how)
    with pytest.raises(ServerError) as caught:
        desk.push()
    assert caught.value.remedy
    desk.fake.fault = lambda method, path: None
    desk.push()
    _complete(desk)


@pytest.mark.parametrize("fault", ["no labels", "twice"])
def test_a_half_done_import_is_mended(desk: Desk, fault: str) -> None:
    desk.fake.import_fault = fault
    pushed = desk.push()
    assert (pushed.mended, pushed.doubled) == ((2, 0) if fault == "no labels" else (0, 2))
    _complete(desk)


def test_a_lost_import_is_told_and_sent_again(desk: Desk) -> None:
    desk.fake.import_fault = "lost"
    with pytest.raises(UserError, match="did not arrive"):
        desk.push()
    assert desk.push().resumed
    _complete(desk)


def test_no_worker_no_upload(desk: Desk) -> None:
    desk.fake.worker = False
    with pytest.raises(JobError, match="no worker runs"):
        desk.push()
    assert not desk.fake.uploads
    desk.fake.worker = True
    desk.fake.run_worker()
    desk.push()
    _complete(desk)


def test_worker_that_wakes_late_doubles_nothing(desk: Desk) -> None:
    desk.push(*SENTENCES[:1])

    def stop_at_upload(method: str, path: str) -> None:
        desk.fake.worker = desk.fake.worker and not path.endswith("/upload")

    desk.fake.fault = stop_at_upload
    with pytest.raises(JobError):
        desk.push(*SENTENCES[1:])
    desk.fake.fault = lambda method, path: None
    desk.fake.worker = True  # the old upload is still first in its queue
    assert desk.push().resumed
    _complete(desk)


def test_server_down_names_the_remedy(desk: Desk) -> None:
    with pytest.raises(ServerError, match="make doccano"):
        Doccano("http://127.0.0.1:9", "admin", "x", seconds=2)


def test_wrong_password(desk: Desk) -> None:
    with pytest.raises(UserError, match="DOCCANO_PASSWORD"):
        Doccano(desk.fake.url, "admin", "wrong", seconds=2)


def test_annotators_work_in_the_middle_of_a_push_is_left_alone(desk: Desk) -> None:
    desk.fake.fault = _breaks_at("POST", "/spans", 1)
    with pytest.raises(ServerError):
        desk.push()
    desk.fake.fault = lambda method, path: None
    desk.redraw("water-1", "li", (0, 3, "指标"))
    desk.tick("water-2", "li")  # ticked without a span: nothing to find there
    desk.push()
    assert desk.fake.spans_of("water-1", "li") == [(0, 3, "指标")]
    assert desk.fake.spans_of("water-2", "li") == []
    assert desk.fake.spans_of("water-2", "wang") == UNITS["water-2"]


def test_deleted_sentence_is_told_and_restored_on_demand(desk: Desk) -> None:
    desk.push(*SENTENCES[:2])
    project = desk.fake.project()
    del project["examples"][desk.fake.example_of("water-1")["id"]]
    assert desk.push(*SENTENCES[2:]).deleted == ["water-1"]
    assert len(project["examples"]) == 2
    desk.push(restore=True)
    assert len(project["examples"]) == 3
    _complete(desk)


def test_an_interrupted_restoring_goes_on_without_being_asked_again(desk: Desk) -> None:
    desk.push()
    project = desk.fake.project()
    del project["examples"][desk.fake.example_of("water-2")["id"]]
    desk.fake.fault = _breaks_at("POST", "/spans", 2)
    with pytest.raises(ServerError):
        desk.push(restore=True)
    desk.fake.fault = lambda method, path: None
    desk.push()
    _complete(desk)


@pytest.mark.parametrize("work", ["tick", "spans"])
def test_the_copy_that_somebody_worked_on_is_the_one_that_stays(desk: Desk, work: str) -> None:
    """The import was done twice, the push was interrupted, an annotator was quick."""
    desk.fake.import_fault = "twice"
    desk.fake.fault = _breaks_at("GET", "/download", 4)  # before anything is compared
    with pytest.raises(ServerError):
        desk.push()
    desk.fake.fault = lambda method, path: None
    project = desk.fake.project()
    second = [e for e in project["examples"].values() if e["meta"]["key"] == "water-1"][1]["id"]
    session = desk.session("li")
    if work == "tick":
        session.toggle_confirmed(project["id"], second)
    else:
        kinds = {kind["text"]: kind["id"] for kind in project["types"]}
        session.add_span(project["id"], second, 8, 10, kinds["指标"])
    assert desk.push().doubled == 2
    assert desk.fake.example_of("water-1")["id"] == second
    assert len(project["examples"]) == 3
    assert desk.fake.spans_of("water-1", "li") == ([] if work == "tick" else [(8, 10, "指标")])


def test_another_server_with_a_project_like_ours_is_left_alone(desk: Desk) -> None:
    """Number, name and types may be the same by chance; the sentences are not."""
    desk.push(*SENTENCES[:1])
    for example in desk.fake.project()["examples"].values():
        example["meta"]["key"] = "theirs-1"
    before = len(desk.fake.log)
    with pytest.raises(UserError, match="another server"):
        desk.push(*SENTENCES[1:])
    with pytest.raises(UserError, match="another server"):
        desk.pull()
    assert not any("/upload" in line for line in desk.fake.log[before:])
    assert set(desk.journal.sent) == {"water-1"}


def test_another_project_of_the_name_is_not_taken_over(desk: Desk) -> None:
    desk.push()
    desk.journal.path.unlink()
    with pytest.raises(UserError, match="did not make"):
        desk.push()


def test_full_disk_leaves_the_journal_as_it_was(desk: Desk, small_files: Callable) -> None:
    desk.push(*SENTENCES[:1])
    before = desk.journal.path.read_bytes()
    with small_files(len(before) + 100), pytest.raises(UserError, match="make room"):
        desk.push(*SENTENCES[1:])
    assert desk.journal.path.read_bytes() == before
    desk.push(*SENTENCES[1:])
    _complete(desk)


@pytest.mark.parametrize("torn", [b'{"event": "seeded", "us', '{"id": "县'.encode()[:-1]])
def test_journal_survives_a_torn_last_line(desk: Desk, torn: bytes) -> None:
    desk.push(*SENTENCES[:1])
    path = desk.journal.path
    whole = path.read_bytes()
    path.write_bytes(whole + torn)
    assert Journal.load(path).arrived == {"water-1"}
    assert path.read_bytes() == whole + torn, "another push may be writing there"
    desk.push(*SENTENCES[1:])
    assert path.read_bytes().startswith(whole + b'{"event": "chosen"')
    _complete(desk)
