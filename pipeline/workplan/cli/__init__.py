"""The command line: each command only parses and checks, then calls a plain function."""

from __future__ import annotations

import importlib
import sys

import click

from workplan.errors import UserError

COMMANDS = {
    "extract": "workplan.cli.extract:extract",
    "label": "workplan.cli.label:label",
    "rules": "workplan.cli.rules:rules",
    "bootstrap": "workplan.cli.bootstrap:bootstrap",
    "train": "workplan.cli.train:train",
    "compare": "workplan.cli.compare:compare",
    "serve": "workplan.cli.serve:serve",
    "eval": "workplan.cli.evaluate:evaluate",
    "bench": "workplan.cli.bench:bench",
    "folds": "workplan.cli.folds:folds",
    "curve": "workplan.cli.curve:curve",
    "encoders": "workplan.cli.encoders:encoders",
    "twin": "workplan.cli.twin:twin",
    "distil": "workplan.cli.distil:distil",
    "annotate": "workplan.cli.annotate:annotate",
    "train-segmenter": "workplan.cli.train_segmenter:train_segmenter",
}


class LazyGroup(click.Group):
    """Imports a command's module when it is called, so that `--help` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="workplan")
def cli() -> None:
    """Read Chinese government work plans into task tables (工作计划 → 任务分解表).

    \b
    Start here:
      workplan extract annotations/samples --out out/
    """


def main() -> None:
    """Run the command line; a user's mistake prints its message and exits with 2."""
    try:
        cli(standalone_mode=True)
    except UserError as error:
        click.echo(f"workplan: {error}", err=True)
        sys.exit(2)
