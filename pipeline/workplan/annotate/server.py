"""A Doccano server of our own: installed, started and stopped, on loopback only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from workplan import resources
from workplan.annotate.accounts import FILE, Accounts, own_accounts, read_accounts
from workplan.annotate.client import Doccano, PasswordError, ServerError
from workplan.errors import UserError

REQUIREMENTS = ("doccano==1.8.4", "marshmallow<4", "numpy<2", "setuptools<81")
"""Doccano needs the three pins to start; they clash with ours, hence its own environment."""
FIRST_PORT = 8000
START_SECONDS = 120
STOP_SECONDS = 30
PORT_SECONDS = 5
INSTALL_SECONDS = 1800
Say = Callable[[str], None]


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and its two processes with their time of birth."""

    url: str
    processes: dict[str, tuple[int, float]]


def serve(
    data: Path, *, annotators: int = 2, port: int = 0, venv: Path | None = None, say: Say = print
) -> tuple[Server, Accounts]:
    """Install, initialise and start what is missing of the server in `data`; harmless to repeat.

    `port` 0 takes the last one used, else the first free from 8000. `venv`: where the server's
    environment lies, default `data`/venv. Raises UserError with what to do.
    """
    try:
        data = _private_folder(data)
        return _serve(data, annotators, port, (venv or data / "venv").expanduser().absolute(), say)
    except OSError as error:
        raise UserError(
            f"cannot write: {error.strerror or error} (无法写入，磁盘可能已满)",
            where=str(data),
            remedy="make room, then run the same command again",
        ) from error


def stop(data: Path, *, say: Say = print) -> bool:
    """Stop the server in `data`: politely, then by force. Returns whether anything ran.

    The worker may finish the job at hand. Children that outlived a crash are ended too.
    """
    server = find_server(data)
    alive = _alive(server) if server else []
    family = _family(server) if server else []
    for process in alive:
        _quietly(process.terminate)
    for orphan in set(family) - {child for p in alive for child in (p, *p.children(True))}:
        _quietly(orphan.terminate)
    _, left = psutil.wait_procs(family, timeout=STOP_SECONDS)
    for process in left:
        _quietly(process.kill)
    psutil.wait_procs(left, timeout=5)
    (data / "server.json").unlink(missing_ok=True)
    say("Doccano is stopped (已停止)" if family else "no Doccano ran here (没有运行中的服务器)")
    return bool(family)


def find_server(data: Path) -> Server | None:
    """What server.json in `data` says was started; None where nothing was."""
    try:
        row = json.loads((data / "server.json").read_text(encoding="utf-8"))
        processes = {
            name: (int(pid), float(born)) for name, (pid, born) in row["processes"].items()
        }
        return Server(row["url"], processes)
    except (OSError, ValueError, KeyError):
        return None


def own_session(data: Path, user: str | None = None, **limits: float) -> Doccano:
    """A session on the server in `data` as `user` (default: its administrator).

    Raises UserError where the server or its worker does not run.
    """
    accounts, server = read_accounts(data), find_server(data)
    missing = "web"
    if server:
        alive = {process.pid for process in _alive(server)}
        missing = ", ".join(n for n, (pid, _) in server.processes.items() if pid not in alive)
    if missing:
        raise ServerError(
            f"the Doccano server does not run: {missing} is down (服务器未运行)",
            where=str(data),
            remedy="start it with `make doccano`, then run the same command again",
        )
    assert server is not None
    user = user or accounts.admin
    try:
        return Doccano(server.url, user, accounts.passwords[user], **limits)
    except PasswordError as error:
        raise PasswordError(
            f"{user}'s password is no longer the one noted here (密码已被修改)",
            where=str(data / FILE),
            remedy="write the new password there, or set the noted one again in Doccano",
        ) from error


def _serve(data: Path, annotators: int, port: int, venv: Path, say: Say) -> tuple[Server, Accounts]:
    running = find_server(data)
    if running and len(_alive(running)) == len(running.processes):
        say(f"Doccano runs already (已在运行): {running.url}")
        return running, _with_users(running.url, own_accounts(data, annotators))
    if running:
        stop(data, say=lambda line: None)
    _install(venv, say)
    accounts = own_accounts(data, annotators)
    environment = _environment(data, accounts)
    _initialise(data, venv, accounts, environment, say)
    port = port or (int(running.url.rpartition(":")[2]) if running else 0) or _free_port()
    server = _start(data, venv, environment, port)
    try:
        _await(server, data)
        return server, _with_users(server.url, accounts)
    except BaseException:
        stop(data, say=lambda line: None)
        raise


def _private_folder(data: Path) -> Path:
    data = data.expanduser().absolute()
    if data.resolve().is_relative_to(resources.root()):
        raise UserError(
            "the server's data, with its passwords, must not lie in the repository",
            where=str(data),
            remedy="name a folder elsewhere (数据目录请放在仓库之外)",
        )
    if sys.platform == "win32":
        raise UserError(
            "our own server needs Linux or macOS (Windows 上请使用已有服务器)",
            remedy="use WSL, or a server that runs elsewhere with --url",
        )
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    return data


def _install(venv: Path, say: Say) -> None:
    marker = venv / "installed.txt"
    wanted = "\n".join(REQUIREMENTS)
    if marker.is_file() and marker.read_text(encoding="utf-8") == wanted:
        return
    if not marker.is_file() and venv.exists() and any(venv.iterdir()):
        raise UserError(
            "this folder is not an environment that we made (不是本程序建立的环境)",
            where=str(venv),
            remedy="name a new folder with --venv, or delete this one: it would be emptied",
        )
    say(f"installing {REQUIREMENTS[0]} in {venv}, a few minutes (正在安装，需几分钟)")
    shutil.rmtree(venv, ignore_errors=True)
    venv.mkdir(parents=True)
    marker.touch()  # ours from the first moment: an interrupted installation is begun anew
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    _run([_python(), "-m", "venv", str(venv)], "make an environment", None)
    _run([*pip, "--disable-pip-version-check", *REQUIREMENTS], "install Doccano", None)
    marker.write_text(wanted, encoding="utf-8")


def _python() -> str:
    """A Python that Doccano's pins have wheels for."""
    found = filter(None, map(shutil.which, ("python3.11", "python3.10", "python3.9")))
    python = next(found, sys.executable if sys.version_info < (3, 12) else None)
    if python is None:
        raise UserError(
            "Doccano needs Python 3.9 to 3.11 (Doccano 需要 Python 3.9–3.11)",
            remedy="install python3.11 beside yours, or use a server elsewhere with --url",
        )
    return python


def _environment(data: Path, accounts: Accounts) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DOCCANO_", "DJANGO_"))}
    return kept | {
        "DOCCANO_HOME": str(data),
        "STANDALONE": "True",
        "DEBUG": "False",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": f"sqlite:///{data / 'db.sqlite3'}",
        # The queue gets a file of its own: the worker's polling would lock the web's database.
        "CELERY_BROKER_URL": f"sqla+sqlite:///{data / 'queue.sqlite3'}",
        "MEDIA_ROOT": str(data / "media"),
        "SECRET_KEY": accounts.secret_key,
    }


def _initialise(
    data: Path, venv: Path, accounts: Accounts, environment: dict[str, str], say: Say
) -> None:
    if (data / "initialised").exists():
        return
    say(f"initialising {data} (正在初始化)")
    (data / "media").mkdir(exist_ok=True)
    _run([str(venv / "bin" / "doccano"), "init"], "initialise Doccano", environment)
    # Through the environment: an argument could be seen by every user of the machine.
    secret = {"DJANGO_SUPERUSER_PASSWORD": accounts.passwords[accounts.admin]}
    manage = [str(venv / "bin" / "python"), str(_backend(venv) / "manage.py")]
    create = ["createsuperuser", "--noinput", "--username", accounts.admin]
    _run(
        [*manage, *create, "--email", "admin@example.com"],
        "create the administrator",
        environment | secret,
        unless="already taken",
    )
    (data / "initialised").touch()


def _start(data: Path, venv: Path, environment: dict[str, str], port: int) -> Server:
    _claim(port)
    binaries, backend = venv / "bin", str(_backend(venv))
    web = ["gunicorn", "--chdir", backend, "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    web += ["--threads", "4", "--timeout", "300", "config.wsgi"]
    commands = {"web": web, "worker": ["doccano", "task", "--concurrency", "1"]}
    (data / "logs").mkdir(exist_ok=True)
    processes = {}
    for name, (program, *arguments) in commands.items():
        with (data / "logs" / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [str(binaries / program), *arguments],
                env=environment,
                cwd=data,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        processes[name] = (child.pid, psutil.Process(child.pid).create_time())
    server = Server(f"http://127.0.0.1:{port}", processes)
    row = {"url": server.url, "processes": processes}
    aside = data / "server.json.part"
    aside.write_text(json.dumps(row) + "\n", encoding="utf-8")
    os.replace(aside, data / "server.json")
    return server


def _claim(port: int) -> None:
    """Wait a little until nobody listens on the port: a server that was killed lets go slowly.

    Raises UserError where somebody stays.
    """
    end = time.monotonic() + PORT_SECONDS
    while True:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return
            except OSError as error:
                if time.monotonic() > end:
                    raise UserError(
                        f"port {port} is taken (端口被占用)",
                        where="127.0.0.1",
                        remedy="choose another with --port",
                    ) from error
        time.sleep(0.2)


def _await(server: Server, data: Path) -> None:
    """Wait until the server lets us in. Raises UserError where it dies or takes too long."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            own_session(data, seconds=5)
            return
        except ServerError as error:
            if len(_alive(server)) < len(server.processes) or time.monotonic() > end:
                raise UserError(
                    "Doccano does not come up (服务器启动失败)",
                    where=str(data / "logs"),
                    remedy="see web.log and worker.log there",
                ) from error
        time.sleep(0.5)


def _with_users(url: str, accounts: Accounts) -> Accounts:
    admin = Doccano(url, accounts.admin, accounts.passwords[accounts.admin])
    known = admin.users()
    for name in accounts.annotators:
        if name not in known:
            admin.create_user(name, accounts.passwords[name])
    return accounts


def _alive(server: Server) -> list[psutil.Process]:
    """The server's processes that still run: same number and same time of birth."""
    found = []
    for pid, born in server.processes.values():
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - born) < 1 and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def _family(server: Server) -> list[psutil.Process]:
    """All that runs in the sessions that we started, whether or not its first process lives."""
    sessions = set()
    for pid, born in server.processes.values():
        if born < psutil.boot_time():
            continue  # of before a restart: the number may be anybody's by now
        try:
            if abs(psutil.Process(pid).create_time() - born) < 1:
                sessions.add(pid)
        except psutil.NoSuchProcess:
            sessions.add(pid)  # a number is not given anew while its session has members
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) in sessions:
                found.append(process)
        except (ProcessLookupError, PermissionError):
            continue
    return found


def _free_port() -> int:
    for port in (*range(FIRST_PORT, FIRST_PORT + 20), 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise UserError("no port is free (没有可用端口)", remedy="name one with --port")


def _backend(venv: Path) -> Path:
    return next(venv.glob("lib/python3*/site-packages/backend"))


def _run(
    command: Sequence[str], aim: str, environment: dict[str, str] | None, unless: str = ""
) -> None:
    try:
        subprocess.run(
            command,
            env=environment,
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=INSTALL_SECONDS,
        )
    except subprocess.CalledProcessError as error:
        if unless and unless in error.stderr:
            return
        lines = (error.stderr or error.stdout).strip().split("\n")
        raise UserError(
            f"could not {aim}: {lines[-1]}",
            remedy="check the network and the free disk space, then run the same command again",
        ) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UserError(f"could not {aim}: {error}", remedy="see the message") from error


def _quietly(act: Callable[[], None]) -> None:
    try:
        act()
    except psutil.NoSuchProcess:
        return


def signals_to_exit() -> None:
    """End on SIGTERM as on Ctrl-C, so that `serve` cleans up what it had begun."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
