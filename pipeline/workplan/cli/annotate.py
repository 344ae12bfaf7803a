"""`workplan annotate`: the annotation loop with Doccano."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workplan import resources
from workplan.errors import UserError

if TYPE_CHECKING:
    from workplan.annotate.loop import Loop

DATA = Path(os.environ.get("WORKPLAN_DOCCANO", "~/workplan-doccano")).expanduser()

_path = click.Path(path_type=Path)
data_option = click.option(
    "--data",
    type=_path,
    default=DATA,
    help="Folder of our own server. [default: $WORKPLAN_DOCCANO or ~/workplan-doccano]",
)
url_option = click.option("--url", help="Another's server, in place of our own.")
corpus_option = click.option(
    "--corpus", type=_path, help="Folder of the corpus. [default: annotations/]"
)
config_option = click.option("--config", type=_path, help="[default: configs/annotate.yaml]")


@click.group()
def annotate() -> None:
    """Have people correct sentences in Doccano, and learn from it (标注闭环).

    \b
      workplan annotate serve                       a Doccano server of our own
      workplan annotate push 计划/ --count 200       send the sentences worth correcting
      workplan annotate pull                        bring corrections back as gold
      workplan annotate agree --out runs/agree      compare annotators
      workplan annotate adjudicate decisions.jsonl --by NAME
      workplan train                                learn from them

    With --url, user and password come from DOCCANO_USERNAME and DOCCANO_PASSWORD or a prompt.
    """
    try:
        import doccano_client  # noqa: F401  (only to say early what is missing)
        import krippendorff  # noqa: F401
    except ImportError as error:
        raise UserError(
            "the annotation loop needs doccano-client and krippendorff (标注需要额外的依赖)",
            remedy="pip install 'workplan[annotate]'",
        ) from error


@annotate.command()
@data_option
@click.option("--annotators", type=click.IntRange(1), default=2, show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="[default: from 8000]")
@click.option("--venv", type=_path, help="The server's environment. [default: DATA/venv]")
def serve(data: Path, annotators: int, port: int, venv: Path | None) -> None:
    """Install and start Doccano on this machine, for this machine only (启动标注服务器).

    Repeat it after a crash, or with more --annotators.
    """
    from workplan.annotate import server
    from workplan.annotate.accounts import FILE

    server.signals_to_exit()
    running, accounts = server.serve(
        data, annotators=annotators, port=port, venv=venv, say=click.echo
    )
    names = ", ".join((accounts.admin, *accounts.annotators))
    folder = data.expanduser().absolute()
    elsewhere, quoted = folder != DATA.absolute(), shlex.quote(str(folder))
    click.echo(
        f"log in at {running.url} as {names}\n"
        f"passwords (密码): {folder / FILE}, which only you can read\n"
        f"stop it (停止): make doccano-down{f' DOCCANO={quoted}' if elsewhere else ''},"
        " or workplan annotate stop"
    )
    if elsewhere:
        click.echo(
            "tell push, pull and stop of this folder (其他命令请加): "
            f"--data {quoted}, or export WORKPLAN_DOCCANO={quoted}"
        )


@annotate.command()
@data_option
def stop(data: Path) -> None:
    """Stop our server; its data stays (停止标注服务器)."""
    from workplan.annotate import server

    server.stop(data.expanduser(), say=click.echo)


@annotate.command()
@click.argument("plans", nargs=-1, type=_path)
@click.option(
    "--select",
    "way",
    type=click.Choice(["uncertain", "diverse", "disagreement", "random", "plan"]),
    default="uncertain",
    show_default=True,
    help="Which sentences to send.",
)
@click.option("--count", type=click.IntRange(1), default=200, show_default=True)
@click.option("--labeller", help="Who pre-annotates. [default: the tagger, else the rules]")
@click.option("--seed", type=int, default=13, show_default=True, help="For random choices.")
@click.option("--restore", is_flag=True, help="Send anew what somebody deleted in Doccano.")
@data_option
@url_option
@corpus_option
@config_option
def push(
    plans: tuple[Path, ...],
    way: str,
    count: int,
    labeller: str | None,
    seed: int,
    restore: bool,
    data: Path,
    url: str | None,
    corpus: Path | None,
    config: Path | None,
) -> None:
    """Send sentences of PLANS (files, folders, .jsonl) to annotators, spans drawn (推送待标句子).

    Sentences of the corpus, sentences sent before and plans held out for scoring are never sent.
    An interrupted push goes on with the same command.
    """
    from workplan.annotate.push import push as run
    from workplan.annotate.report import pushed_report

    corpus = _corpus(corpus)
    with _loop(data, url, corpus, config) as loop:
        guide = corpus / "GUIDELINE.md"
        pushed = run(
            loop.doccano,
            loop.journal,
            loop.settings,
            lambda: _choose(plans, corpus, way, count, labeller, seed),
            guideline=guide.read_text(encoding="utf-8") if guide.is_file() else "",
            annotators=loop.annotators,
            restore=restore,
        )
    click.echo(pushed_report(pushed))


@annotate.command()
@data_option
@url_option
@corpus_option
@config_option
def pull(data: Path, url: str | None, corpus: Path | None, config: Path | None) -> None:
    """Bring ticked sentences back into the corpus (取回已确认的标注).

    \b
    annotations/answers/  every annotator's answer, with who and when, version by version
    annotations/rounds/   gold: what annotators agree on; `workplan train` reads it
    """
    from workplan.annotate.pull import pull as run
    from workplan.annotate.report import pulled_report

    corpus = _corpus(corpus)
    with _loop(data, url, corpus, config) as loop:
        pulled = run(loop.doccano, loop.journal, loop.settings, corpus, annotators=loop.annotators)
    click.echo(pulled_report(pulled))


@annotate.command()
@click.option("--out", type=_path, required=True, help="Folder for agreement.html.")
@corpus_option
@config_option
def agree(out: Path, corpus: Path | None, config: Path | None) -> None:
    """Compare annotators: strict F1 of each pair, Krippendorff's alpha, disputes (标注一致性)."""
    from workplan.annotate import agreement
    from workplan.annotate.answers import read_answers
    from workplan.annotate.disputes_page import disputes_page
    from workplan.annotate.gold import disputes, read_gold
    from workplan.annotate.settings import read_settings
    from workplan.annotate.whole import write_whole

    corpus, settings = _corpus(corpus), read_settings(config)
    answers = read_answers(corpus, settings.project).values()
    measured = agreement.measure(answers)
    found = disputes(answers, read_gold(corpus, settings.project))
    if not measured.sentences:
        raise UserError(
            "no sentence has two annotators' answers yet (还没有两人都标完的句子)",
            where=str(corpus / "answers"),
            remedy="`workplan annotate pull` after two annotators ticked the same sentences",
        )
    page = out / "agreement.html"
    write_whole(page, [disputes_page(found, measured, settings)])
    click.echo(f"{measured.sentences} sentences with two answers or more, {len(found)} disputed\n")
    click.echo(agreement.table(measured))
    click.echo(f"\n→ {page}")
    if found:
        click.echo(
            "choose there and save; then, with the file that the browser downloads"
            " (在页面上选定并保存，再运行):\n"
            "  workplan annotate adjudicate decisions.jsonl --by NAME"
        )


@annotate.command()
@click.argument("decisions", required=False, type=_path)
@click.option("--by", required=True, help="Who settles; noted in the corpus.")
@click.option("--prefer", help="Take this annotator's answer in every dispute.")
@click.option("--majority", is_flag=True, help="Take the spans that most of three or more drew.")
@corpus_option
@config_option
def adjudicate(
    decisions: Path | None,
    by: str,
    prefer: str | None,
    majority: bool,
    corpus: Path | None,
    config: Path | None,
) -> None:
    """Settle disputes: by DECISIONS, the file that the page of `agree` saves (裁定分歧)."""
    from workplan.annotate import adjudicate as judges
    from workplan.annotate.settings import read_settings

    if (decisions is not None) + bool(prefer) + majority != 1:
        raise UserError(
            "say how to settle: DECISIONS, --prefer NAME or --majority (请选一种裁定方式)",
            remedy="workplan annotate adjudicate decisions.jsonl --by NAME",
        )
    if decisions is not None:
        judge = judges.decided(decisions)
    else:
        judge = judges.prefer(prefer) if prefer else judges.majority
    done = judges.adjudicate(_corpus(corpus), read_settings(config).project, judge, by)
    click.echo(f"{done.settled} disputes settled, {done.open} open (已裁定，未裁定)")
    if done.round_file:
        click.echo(f"→ {done.round_file}")


@annotate.command()
@click.option("--pool", type=_path, help="Gold to choose from. [default: the corpus' train]")
@click.option("--test", type=_path, help="Gold to score on. [default: the corpus' test]")
@click.option("--sizes", default="50,100,200,400", show_default=True)
@click.option("--ways", default="random,uncertain", show_default=True)
@click.option("--seeds", default="1,2", show_default=True)
@click.option(
    "--errors",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="How often the simulated annotator overlooks, moves or mistakes a span.",
)
@click.option("--encoder", help="In place of that of configs/train.yaml.")
@click.option("--out", type=_path, required=True, help="Points as JSON lines; a .png beside it.")
@corpus_option
def simulate(
    pool: Path | None,
    test: Path | None,
    sizes: str,
    ways: str,
    seeds: str,
    errors: float,
    encoder: str | None,
    out: Path,
    corpus: Path | None,
) -> None:
    """Strict F1 by sentences corrected, chosen in several ways, with annotators simulated on gold.

    Trains a small tagger for every size, way and seed, in about half a minute each; a run that is
    stopped goes on with the same command, and takes further --ways and --seeds.
    """
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise UserError(
            "the simulation trains models, which needs torch (模拟需要训练依赖)",
            remedy="pip install 'workplan[train,annotate]'",
        ) from error
    from workplan.annotate import curve
    from workplan.annotate import simulate as simulation
    from workplan.annotate.annotator import Annotator
    from workplan.annotate.learner import STEPS, UPPER, Ground, Learner
    from workplan.train.corpus import read_corpus
    from workplan.train.run import check_splits
    from workplan.train.settings import Settings as TrainSettings

    corpus = _corpus(corpus)
    changes: dict[str, Any] = {"encoder": encoder} if encoder else {}
    settings = TrainSettings.load(resources.config("train.yaml"), **changes)
    gold = {name: read_corpus(p or corpus / f"{name}.jsonl") for p, name in _splits(pool, test)}
    check_splits(gold)
    numbers, person = _numbers(sizes), Annotator("simulated", errors, errors, errors)
    facts = simulation.facts(settings, gold["train"], gold["test"], numbers, person)
    record = curve.Record(out, facts | {"layers": UPPER, "steps": STEPS})
    click.echo(f"pool: {facts['pool']}\ntest: {facts['test']}\nencoder: {facts['encoder']}\n")
    ground = Ground(settings)
    found = []
    for point in simulation.simulate(
        lambda examples, seed: Learner(ground, examples, seed),
        gold["train"],
        gold["test"],
        ways=_ways(ways),
        sizes=numbers,
        seeds=_numbers(seeds),
        annotator=person,
        known=record.points,
    ):
        record.add(point)
        found.append(point)
        click.echo(
            f"{point.way} {point.seed}: {point.sentences} sentences, F1 {point.f1:.3f}", err=True
        )
    click.echo(curve.table(found))
    curve.plot(found, out.with_suffix(".png"))
    click.echo(f"\n→ {out}\n→ {out.with_suffix('.png')}")


def _loop(data: Path, url: str | None, corpus: Path, config: Path | None) -> Loop:
    from workplan.annotate.loop import Loop
    from workplan.annotate.settings import read_settings

    def ask(text: str, hidden: bool) -> str:
        answer: str = click.prompt(text, hide_input=hidden, err=True)
        return answer

    return Loop(read_settings(config), corpus, data.expanduser(), url, ask)


def _choose(
    plans: tuple[Path, ...], corpus: Path, way: str, count: int, name: str | None, seed: int
) -> list[Any]:
    from tqdm import tqdm

    from workplan.annotate.candidates import fresh, none_left, read_candidates
    from workplan.annotate.journal import Sent, journals
    from workplan.annotate.selection import select
    from workplan.tag.labeller import get_labeller

    if not plans:
        raise UserError(
            "name plans to choose from (请给出计划文件)", remedy="push 计划/ --count 200"
        )
    found, failures = read_candidates(plans)
    sent = [sentence for journal in journals(corpus) for sentence in journal.sent.values()]
    kept, passed = fresh(found, corpus, sent)
    passed.unreadable = failures
    for failure in failures:
        click.echo(f"not read: {failure}", err=True)
    for plan in passed.held_out_plans:
        click.echo(f"held out for scoring, not sent (留作评测，不推送): {plan}", err=True)
    if not kept:
        raise none_left(passed)
    labeller = get_labeller(name)
    other = get_labeller("rules") if way == "disagreement" else None
    with tqdm(unit="句", desc="label") as bar:
        chosen = select(way, kept, count, labeller, other=other, seed=seed, progress=bar.update)
    return [Sent(c.id, c.plan, c.text, c.spans, c.section, way) for c in chosen]


def _corpus(corpus: Path | None) -> Path:
    return corpus or resources.root() / "annotations"


def _splits(*paths: Path | None) -> list[tuple[Path | None, str]]:
    return list(zip(paths, ("train", "test"), strict=True))


def _ways(text: str) -> list[str]:
    from workplan.annotate.selection import WAYS

    ways = text.split(",")
    if wrong := [way for way in ways if way not in WAYS or way == "plan"]:
        raise UserError(
            f"no way to choose: {', '.join(wrong)} (没有这种选取方式)",
            where="--ways",
            remedy="choose random, uncertain, diverse, disagreement",
        )
    return ways


def _numbers(text: str) -> list[int]:
    try:
        numbers = [int(number) for number in text.split(",")]
    except ValueError as error:
        raise UserError(f"not numbers: {text}", remedy="write 50,100,200") from error
    if min(numbers) < 1:
        raise UserError(f"not numbers from 1: {text}", remedy="write 50,100,200")
    return numbers
