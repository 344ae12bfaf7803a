"""The server itself: takes port and data folder, serves until it is told to stop."""

from __future__ import annotations

import errno
import getpass
import ipaddress
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from workplan.errors import UserError

if TYPE_CHECKING:
    from workplan.serve.folder import DataFolder
    from workplan.tag.labeller import Labeller

PORT = 8765


@dataclass(frozen=True, slots=True)
class Setup:
    """What a user may choose. `token` None: none on this machine alone, else one is made."""

    data: Path
    host: str = "127.0.0.1"
    port: int = PORT
    token: str | None = None
    hosts: tuple[str, ...] = ()
    labeller: str | None = None
    load: Callable[[], Labeller] | None = None


def serve(setup: Setup, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or a polite kill; `say` gets the address once it can be opened.

    Raises UserError where the port is taken, the folder is in use, the labeller does not exist or
    a package is missing.
    """
    # The web framework would send traces of requests where the environment names a collector.
    os.environ["OTEL_SDK_DISABLED"] = "true"
    check_packages()
    from workplan.serve.folder import DataFolder
    from workplan.tag.labeller import find_model

    find_model(setup.labeller)  # A wrong name is told now, not at the first file.
    listener = listen(setup.host, setup.port)
    folder = DataFolder(setup.data)
    try:
        folder.open()
        try:
            _serve(setup, folder, listener, say)
        finally:
            folder.close()
    finally:
        listener.close()


def check_packages() -> None:
    """Raise UserError where the extra `serve` is not installed."""
    try:
        import fastapi  # noqa: F401
        import fastapi_offline  # noqa: F401
        import python_multipart  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise UserError(
            f"the workbench needs the package {error.name} (工作台缺少依赖 {error.name})",
            remedy="pip install 'workplan[serve]'",
        ) from error


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 takes any that is free. Raises UserError where none is."""
    try:
        family, address = _place(host, port)
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise _no_address(host, error) from error
    try:
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows would let two servers share a port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise UserError(
                f"port {port} cannot be used: {error.strerror} (端口被占用或无权使用)",
                where=f"{host}:{port}",
                remedy="is the workbench open already? Else choose another: --port 0 takes a free"
                " one (工作台可能已在运行；否则换一个端口)",
            ) from error
        raise _no_address(host, error) from error
    return listener


def _serve(
    setup: Setup, folder: DataFolder, listener: socket.socket, say: Callable[[str], None]
) -> None:
    """Put the parts together and run them; they are closed in any case."""
    import uvicorn

    from workplan.batch.job import load_labeller
    from workplan.batch.settings import read_settings
    from workplan.serve.app import make_app
    from workplan.serve.guard import rules_for
    from workplan.serve.programs import Labels
    from workplan.serve.reader import Reader
    from workplan.serve.settings import MEGABYTE, read_limits
    from workplan.serve.store import Store
    from workplan.serve.workbench import Workbench

    limits = read_limits()
    rules = rules_for(setup.host, setup.token, setup.hosts, limits.megabytes_per_upload * MEGABYTE)
    load = setup.load or partial(load_labeller, setup.labeller)
    reader = Reader(folder.work, read_settings(), load)
    bench = Workbench(folder, Store(folder.database), reader, limits)
    try:
        bench.start()
        app = make_app(bench, rules, Labels(load), _user())
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", server_header=False,
            timeout_graceful_shutdown=3,
        )  # fmt: skip
        say(_greeting(setup, listener, rules.token))
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        bench.stop()


def _greeting(setup: Setup, listener: socket.socket, token: str | None) -> str:
    port = listener.getsockname()[1]
    host = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(setup.host, setup.host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    lines = [f"workbench (工作台): {address}{f'?token={token}' if token else ''}"]
    if token:
        lines.append(f"token (口令): {token}")
    lines += [
        f"data (数据目录): {setup.data.expanduser().absolute()}",
        f"for programs (接口说明): {address}docs",
        "stop it with Ctrl-C (按 Ctrl-C 停止)",
    ]
    return "\n".join(lines)


def _user() -> str:
    """The name that changes carry until a user says another."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user in a container
        return ""


def _place(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str | int | bytes, ...]]:
    """Where to listen; only a name that is no address is looked up."""
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return family, address
    return (socket.AF_INET6 if version == 6 else socket.AF_INET), (host, port)


def _no_address(host: str, error: OSError) -> UserError:
    return UserError(
        f"this machine has no such address: {error.strerror or error} (本机没有这个地址)",
        where=host,
        remedy="use 127.0.0.1 for this machine alone, 0.0.0.0 for others too",
    )
