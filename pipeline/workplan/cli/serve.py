"""`workplan serve`: the local web workbench; `workplan serve pull`: its corrections as gold."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from types import FrameType

import click

DATA = Path(os.environ.get("WORKPLAN_WORKBENCH", "~/workplan-workbench")).expanduser()

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DATA,
    help="Folder of the workbench. [default: $WORKPLAN_WORKBENCH or ~/workplan-workbench]",
)


@click.group(invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: others too.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@data_option
@click.option("--token", help="Asked of everyone; made and printed where others can reach it.")
@click.option("--allow-host", "hosts", multiple=True, help="A further name of this machine.")
@click.option(
    "--labeller", metavar="NAME|FOLDER", help="rules, tagger, full, fast or a model's folder."
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of your own configs: its serve.yaml, lexicons/… take the shipped ones' place.",
)
@click.pass_context
def serve(
    context: click.Context,
    host: str,
    port: int,
    data: Path,
    token: str | None,
    hosts: tuple[str, ...],
    labeller: str | None,
    config: Path | None,
) -> None:
    """Read, correct, review and export plans in the browser (启动本机工作台).

    The server is for this machine alone unless --host says otherwise; then a token is asked for.
    Plans and corrections stay in the folder of --data. Ctrl-C stops it.

    \b
    Examples:
      workplan serve
      workplan serve --port 9000 --data 工作台/
      workplan serve --host 0.0.0.0 --token 口令
      workplan serve pull          corrected spans become training data
    """
    if context.invoked_subcommand:
        return
    from workplan.batch.job import OWN_CONFIGS
    from workplan.serve.server import Setup
    from workplan.serve.server import serve as run

    if config:
        # Through the environment, so that the worker process sees it too.
        os.environ[OWN_CONFIGS] = str(config.resolve())
    signal.signal(signal.SIGTERM, _interrupt)
    # Where Ctrl-C was ignored when this process began, the server ends without the exception.
    with suppress(KeyboardInterrupt):
        run(Setup(data, host, port, token, hosts, labeller), click.echo)
    click.echo("stopped (已停止)")


@serve.command()
@data_option
@click.option(
    "--corpus",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the corpus. [default: annotations/]",
)
def pull(data: Path, corpus: Path | None) -> None:
    """Bring corrected spans into the corpus (取回工作台中改过的标注).

    \b
    annotations/answers/workbench-001.jsonl …  every answer, with who and when
    annotations/rounds/workbench-001.jsonl …   gold; `workplan train` reads it

    Repeating it brings only what is new. Plans held out for scoring are never taken. The server
    may run meanwhile.
    """
    from workplan import resources
    from workplan.serve.gold import pull as run
    from workplan.serve.gold import report

    click.echo(report(run(data.expanduser(), corpus or resources.root() / "annotations")))


def _interrupt(number: int, frame: FrameType | None) -> None:
    """A polite kill ends the server as Ctrl-C does."""
    raise KeyboardInterrupt
