"""Who may ask: names of the server, pages of other origins, tokens, headers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bureau import HOME, Office

from workplan.serve.guard import is_loopback, rules_for

CHANGE = {"kind": "review", "task": "t", "who": "x"}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "192.168.1.9"])
def test_another_name_is_refused(office: Office, host: str) -> None:
    """A page whose name an attacker has lead to this machine reads nothing."""
    answer = office.client.get("/api/plans", headers={"host": f"{host}:8765"})
    assert answer.status_code == 421
    assert answer.json()["error"]["code"] == "host"


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "[::1]:8765", "LOCALHOST:1"])
def test_own_names_are_taken(office: Office, host: str) -> None:
    assert office.client.get("/api/plans", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_page_changes_nothing(office: Office, headers: dict[str, str]) -> None:
    files = {"files": ("a.txt", b"x")}
    for answer in (
        office.client.post("/api/plans", files=files, data={"who": "x"}, headers=headers),
        office.client.delete("/api/plans/x", headers=headers),
        office.client.post("/api/plans/x/changes", json=CHANGE, headers=headers),
        office.client.post("/label", json={"sentences": []}, headers=headers),
    ):
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "origin"
    assert office.client.get("/api/plans").json() == []


def test_a_form_cannot_pass_for_json(office: Office) -> None:
    """A page may send text/plain anywhere without asking."""
    plan = office.upload()
    answer = office.client.post(
        f"/api/plans/{plan}/changes",
        content=b'{"kind":"review","task":"t","who":"x"}',
        headers={"content-type": "text/plain"},
    )
    assert answer.status_code == 422


def test_the_own_page_may(office: Office) -> None:
    headers = {"origin": HOME, "sec-fetch-site": "same-origin"}
    answer = office.client.post("/label", json={"sentences": []}, headers=headers)
    assert answer.status_code == 200


def test_every_answer_is_locked_down(office: Office) -> None:
    for path in ("/", "/api/plans", "/nowhere", "/docs", "/static/desk.js"):
        headers = office.client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert ("unsafe-inline" in policy) == (path == "/docs")
        assert "unsafe-eval" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


def test_a_token_is_made_for_others_machines() -> None:
    assert rules_for("127.0.0.1", None, (), 1).token is None
    assert rules_for("localhost", None, (), 1).token is None
    first, second = (rules_for("0.0.0.0", None, (), 1).token for _ in range(2))
    assert first != second
    assert len(first or "") >= 24
    rules = rules_for("0.0.0.0", "口令", ("plans.office",), 1)
    assert (rules.token, rules.knows("plans.office:80"), rules.knows("10.0.0.7:80")) == (
        "口令", True, True,
    )  # fmt: skip
    assert not rules.knows("evil.example")
    assert is_loopback("127.8.8.8")
    assert not is_loopback("example.org")


def test_the_token_opens_everything_and_nothing_goes_without(
    open_office: Callable[..., Office],
) -> None:
    office = open_office(guard=rules_for("127.0.0.1", "geheim", (), 10**8))
    client = office.client
    for path in ("/", "/api/plans", "/openapi.json", "/docs", "/plans/x", "/api/export/csv"):
        assert client.get(path).status_code == 401, path
    assert client.post("/label", json={"sentences": []}).status_code == 401
    assert client.get("/api/plans", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/", params={"token": "wrong"}).status_code == 401
    page = client.get("/", headers={"accept": "text/html"})
    assert page.status_code == 401
    assert "口令" in page.text
    opened = client.get("/", params={"token": "geheim"}, follow_redirects=False)
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "geheim" not in cookie
    assert client.get("/api/plans").status_code == 200  # by the cookie
    client.cookies.clear()
    bearer = {"authorization": "Bearer geheim"}
    assert client.get("/api/plans", headers=bearer).status_code == 200
