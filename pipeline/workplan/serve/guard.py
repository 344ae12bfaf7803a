"""Who may ask: the host's name, the page that asks, the token, the size of what is sent.

A server on this machine can be reached by every web page that its user has open. A page of
another origin is known by its Origin, one that has its own name lead here (DNS rebinding) by the
Host that it asks for. Programs send neither Origin nor cookies and are let through.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workplan.serve.pages import login_page

COOKIE = "workplan"
_SAFE = ("GET", "HEAD", "OPTIONS")
_JSON_BYTES = 2_000_000
"""What a request that brings no file may hold."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True)
class Rules:
    """`token` is asked for where it is set; `hosts` are the names by which the server is known."""

    token: str | None = None
    hosts: frozenset[str] = frozenset()
    any_address: bool = False
    """Whether a bare IP address will do as host: it cannot be another's name."""
    upload_bytes: int = 200_000_000
    uploads: frozenset[str] = field(default_factory=lambda: frozenset({"/api/plans", "/extract"}))

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server.

        >>> Rules(hosts=frozenset({"localhost"})).knows("localhost:8765")
        True
        >>> Rules(hosts=frozenset({"localhost"})).knows("evil.example:8765")
        False
        """
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".").lower()
        return name in self.hosts or (self.any_address and _is_address(name))

    def session(self) -> str:
        """What the cookie holds in place of the token itself."""
        return hmac.new((self.token or "").encode(), b"workplan", hashlib.sha256).hexdigest()


def rules_for(host: str, token: str | None, others: Iterable[str], upload_bytes: int) -> Rules:
    """The rules of a server that listens on `host`; `others` are further names of it."""
    names = {"localhost", "127.0.0.1", "::1", host.lower(), *(name.lower() for name in others)}
    local = is_loopback(host)
    if not local:
        names |= {socket.gethostname().lower(), socket.getfqdn().lower()}
        token = token or secrets.token_urlsafe(18)
    return Rules(token, frozenset(names), not local, upload_bytes)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


class Guard:
    """ASGI middleware that lets through what the rules allow, and sends safe headers."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self._app, self._rules = app, rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        response = self._refusal(scope)
        if response is not None:
            await response(scope, receive, _with_headers(send))
            return
        limit = self._limit(scope)
        await self._app(scope, _limited(receive, limit), _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that may not be made; None where it may."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._rules.knows(host):
            return refusal(421, "host", "this server has another name (主机名不符)", "")
        if scope["method"] not in _SAFE and not _same_origin(headers, host):
            return refusal(403, "origin", "another site's page may not ask this (跨站请求)", "")
        length = headers.get("content-length", "")
        limit = self._limit(scope)
        if length and (not length.isdecimal() or int(length) > limit):
            return too_big(limit)
        return self._identify(scope, headers) if self._rules.token else None

    def _limit(self, scope: Scope) -> int:
        upload = scope["path"] in self._rules.uploads
        return self._rules.upload_bytes if upload else _JSON_BYTES

    def _identify(self, scope: Scope, headers: Headers) -> Response | None:
        """Ask for the token: in a header, a cookie, or once in the address (it sets the cookie)."""
        token = self._rules.token or ""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if scope["method"] == "GET" and _same(query.get("token", [""])[0], token):
            # The token leaves the address at once: addresses end up in histories.
            answer = RedirectResponse(scope["path"], 303)
            answer.set_cookie(
                COOKIE, self._rules.session(), httponly=True, samesite="strict", path="/"
            )
            return answer
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _same(given.strip(), token):
            return None
        if _same(_cookie(headers.get("cookie", "")), self._rules.session()):
            return None
        if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
            return Response(login_page(), 401, media_type="text/html")
        if scope["path"].startswith("/static/") and scope["method"] == "GET":
            return None  # Styles and scripts hold nothing of the plans; the log-in page needs them.
        return refusal(
            401,
            "token",
            "a token is needed (需要口令)",
            "send `Authorization: Bearer TOKEN`; the server printed it when it started"
            " (口令在服务启动时显示)",
        )


def refusal(status: int, code: str, what: str, remedy: str, where: str = "") -> JSONResponse:
    """An error as every address gives it."""
    error = {"code": code, "what": what, "where": where, "remedy": remedy}
    return JSONResponse({"error": error}, status)


def too_big(limit: int) -> JSONResponse:
    """The answer to a request that brings too much."""
    return refusal(
        413,
        "too-large",
        f"the request has more than {limit:,} bytes (内容过大)",
        "send fewer or smaller files, or raise the limits in configs/serve.yaml"
        " (请分批上传或调整上限)",
    )


def _limited(receive: Receive, limit: int) -> Receive:
    """`receive`, refusing a body longer than its header said, or one without a length."""
    seen = 0

    async def take() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise HTTPException(413, f"the request has more than {limit:,} bytes (内容过大)")
        return message

    return take


def _with_headers(send: Send) -> Send:
    async def give(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return give


def _same_origin(headers: Headers, host: str) -> bool:
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _cookie(header: str) -> str:
    try:
        found = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
