"""A run reaches no network and writes nothing outside its folder, whatever its input asks for."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from small_plans import outputs, write_plan

from workplan.batch.manifest import Manifest

Run = Callable[..., Manifest]
OFFLINE = Path(__file__).with_name("offline")
PAGE = """<!DOCTYPE html SYSTEM "http://{host}/a.dtd"><html><head><base href="http://{host}/">
<link rel="stylesheet" href="http://{host}/a.css"><script src="http://{host}/a.js"></script></head>
<body><img src="http://{host}/a.png"><iframe src="http://{host}/"></iframe>
<h1>2031年示范区工作要点</h1><p>一、重点任务</p><p>推进示范园区建设3处，12月底前完成。</p></body></html>"""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[bytes]]]:
    """An address of this machine, and what has been asked of it."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    asked.append(connection.recv(1000))

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)


def linked_docx(path: Path, host: str) -> None:
    """A document whose picture and template stand on another machine."""
    from docx import Document

    document = Document()
    document.add_paragraph("2031年示范区工作要点")
    document.add_paragraph("推进示范园区建设3处，12月底前完成。")
    for kind in ("image", "attachedTemplate", "hyperlink"):
        base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
        document.part.relate_to(f"http://{host}/{kind}", base + kind, is_external=True)
    document.save(str(path))


def test_a_run_uses_no_network(tmp_path: Path, listener: tuple[str, list[bytes]]) -> None:
    """In the command's process and in its workers; what a library in C asked would be heard."""
    host, asked = listener
    source = tmp_path / "in"
    write_plan(source / "a.txt", more=f"推进http://{host}/建设。")
    (source / "b.html").write_text(PAGE.format(host=host), encoding="utf-8")
    (source / "c.md").write_text(f"# 2031年要点\n\n![图](http://{host}/)推进建设。\n")
    linked_docx(source / "d.docx", host)
    tried = tmp_path / "tried"
    environment = os.environ | {"PYTHONPATH": str(OFFLINE), "WORKPLAN_TEST_NETWORK": str(tried)}
    command = [sys.executable, "-c", "from workplan.cli import main; main()", "extract"]
    command += [str(source), "--out", str(tmp_path / "out"), "--workers", "1"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out" / "plans.jsonl").read_bytes().splitlines()) == 4
    assert not tried.exists(), tried.read_text()
    assert not asked


def test_the_guard_sees_what_a_worker_tries(tmp_path: Path) -> None:
    tried = tmp_path / "tried"
    code = (
        "import multiprocessing as m, urllib.request as u\n"
        "if __name__ == '__main__':\n"
        "    p = m.get_context('spawn').Process(target=u.urlopen, args=('http://127.0.0.1:9/',))\n"
        "    p.start(); p.join()\n"
    )
    (tmp_path / "ask.py").write_text(code)
    environment = os.environ | {"PYTHONPATH": str(OFFLINE), "WORKPLAN_TEST_NETWORK": str(tried)}
    subprocess.run([sys.executable, tmp_path / "ask.py"], env=environment, capture_output=True)
    assert tried.read_text()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_outputs_stay_in_their_folder(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in"
    names = ("-rf.txt", "a\nb.txt", "x\\..\\..\\y.txt", "%2e%2e%2f.txt", "CON.txt", "~.txt")
    for number, name in enumerate(names):
        write_plan(source / name, number, more="《../../../x》推进建设。")
    (source / "t.txt").write_text("../../../../tmp/2031年工作要点\n\n推进建设3处。\n")
    (source / "run.txt.html").write_text("<p>2031年</p><p>推进建设3处。</p>" * 3)
    before = outputs(tmp_path)
    run(source, tmp_path / "deep" / "out", formats=("xlsx", "html", "csv", "ics"))
    after = {name: data for name, data in outputs(tmp_path).items() if "deep/out/" not in name}
    assert after == before
    assert len(outputs(tmp_path / "deep" / "out" / "sources")) == len(names) + 2


def test_names_in_an_earlier_manifest_reach_nothing_else(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    write_plan(source / "a.txt")
    victim = tmp_path / "tasks.txt"
    victim.write_text("mine")
    out.mkdir()
    record = {"outputs": ["../tasks.txt", str(victim), "tasks.csv", "mine.txt"]}
    (out / "run.json").write_text(json.dumps(record))
    (out / "tasks.csv").write_text("old")
    (out / "mine.txt").write_text("mine")
    run(source, out, overwrite=True)
    assert victim.read_text() == "mine"
    assert (out / "mine.txt").exists()
    assert not (out / "tasks.csv").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows links need rights")
def test_links_in_the_folder_are_replaced_not_followed(run: Run, tmp_path: Path) -> None:
    source, out, other = tmp_path / "in", tmp_path / "out", tmp_path / "other"
    write_plan(source / "a.txt")
    other.mkdir()
    (other / "kept.txt").write_text("mine")
    out.mkdir()
    (out / "sources").symlink_to(other)
    (out / "tasks.jsonl").symlink_to(other / "kept.txt")
    run(source, out, overwrite=True)
    assert outputs(other) == {"kept.txt": b"mine"}
    assert not (out / "sources").is_symlink()
    assert not (out / "tasks.jsonl").is_symlink()
