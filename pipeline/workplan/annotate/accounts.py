"""Accounts on a Doccano server: generated for our own, asked for on somebody else's."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from workplan.errors import UserError

USER, PASSWORD = "DOCCANO_USERNAME", "DOCCANO_PASSWORD"
FILE = "credentials.json"


@dataclass(frozen=True)
class Accounts:
    """Users of our own server with their passwords, and the server's secret key."""

    admin: str
    annotators: tuple[str, ...]
    passwords: dict[str, str]
    secret_key: str


def own_accounts(data: Path, annotators: int) -> Accounts:
    """The accounts of the server in `data`; generated the first time, extended when more
    annotators are asked for. Only the owner may read the file."""
    accounts = read_accounts(data) if (data / FILE).exists() else None
    admin = accounts.admin if accounts else "admin"
    number = max(annotators, len(accounts.annotators) if accounts else 0)
    names = tuple(f"annotator{n}" for n in range(1, number + 1))
    passwords = dict(accounts.passwords) if accounts else {}
    for name in (admin, *names):
        passwords.setdefault(name, secrets.token_urlsafe(15))
    key = accounts.secret_key if accounts else secrets.token_urlsafe(48)
    extended = Accounts(admin, names, passwords, key)
    if extended != accounts:
        _write_private(data / FILE, json.dumps(asdict(extended), indent=1) + "\n")
    return extended


def read_accounts(data: Path) -> Accounts:
    """The accounts in `data`. Raises UserError where there are none or the file is broken."""
    try:
        row = json.loads((data / FILE).read_text(encoding="utf-8"))
        return Accounts(
            row["admin"], tuple(row["annotators"]), dict(row["passwords"]), row["secret_key"]
        )
    except FileNotFoundError as error:
        raise UserError(
            "there is no Doccano server of ours (还没有标注服务器)",
            where=str(data),
            remedy="start one with `make doccano`; name its folder with --data if it is elsewhere,"
            " another's address with --url",
        ) from error
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"the credentials cannot be read: {error} (账号文件无法读取)",
            where=str(data / FILE),
            remedy="restore the file from a backup: Doccano does not tell passwords",
        ) from error


def asked_for(url: str, ask: Callable[[str, bool], str]) -> tuple[str, str]:
    """User and password for somebody else's server: from the environment, else by `ask(prompt,
    hidden)`. Never from the command line, which other users of a machine can see."""
    user = os.environ.get(USER) or ask(f"User at {url} (用户名)", False)
    return user, os.environ.get(PASSWORD) or ask(f"Password of {user} (密码)", True)


def _write_private(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".part")
    aside.unlink(missing_ok=True)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(aside, path)
