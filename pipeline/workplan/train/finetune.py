"""Fine-tuning: a character BERT with a linear head learns the tags of annotated sentences."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from torch import Tensor, nn
from transformers import (
    AutoConfig,
    AutoModelForTokenClassification,
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from transformers.trainer_utils import get_last_checkpoint

from workplan.errors import UserError
from workplan.evaluate.strict import strict_f1
from workplan.read import fold
from workplan.tag.tagger.alphabet import Alphabet
from workplan.tag.tagger.decode import Lattice, decode
from workplan.tag.tagger.labeller import SIZES, batch_ids
from workplan.tag.tagger.scheme import Scheme
from workplan.train.augment import Augmenter
from workplan.train.corpus import Example, as_dataset
from workplan.train.crf import ChainLoss
from workplan.train.settings import Settings
from workplan.types import Span

LONGEST = SIZES[-1] - 2


class TaggerNetwork(nn.Module):
    """BERT, a linear layer and the transitions of the chain.

    `bert` is what AutoModelForTokenClassification loads; `chain` goes to lattice.json.
    """

    def __init__(self, bert: Any, chain: ChainLoss) -> None:
        super().__init__()
        self.bert, self.chain = bert, chain

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, tags: Tensor, lengths: Tensor,
        weights: Tensor,
    ) -> dict[str, Tensor]:  # fmt: skip
        scores = self.bert(input_ids=input_ids, attention_mask=attention_mask).logits[:, 1:-1]
        losses = self.chain(scores, tags, lengths)
        return {"loss": (losses * weights).sum() / weights.sum().clamp_min(1e-6), "logits": scores}


class Collator:
    """Rows of `as_dataset` to tensors; `augment` draws a changed copy of each sentence."""

    def __init__(self, alphabet: Alphabet, scheme: Scheme, augment: Augmenter | None) -> None:
        self.alphabet, self.scheme, self.augment = alphabet, scheme, augment

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, Tensor]:
        examples = [_view(row) for row in rows]
        if self.augment:
            examples = [self.augment(example) for example in examples]
        examples = [_cut(example, LONGEST) for example in examples]
        # Lengths in steps of 16: fewer shapes, so that the kernels' caches hold them all.
        size = (max(len(example.text) for example in examples) + 2 + 15) // 16 * 16
        ids, lengths = batch_ids(self.alphabet, [e.text for e in examples], size)
        tags = np.zeros((len(examples), size - 2), dtype=np.int64)
        for row, example in enumerate(examples):
            tags[row, : len(example.text)] = self.scheme.encode(len(example.text), example.spans)
        return {
            "input_ids": torch.from_numpy(ids),
            "attention_mask": torch.from_numpy((ids != self.alphabet.pad).astype(np.int64)),
            "tags": torch.from_numpy(tags),
            "lengths": torch.from_numpy(lengths),
            "weights": torch.tensor([e.weight for e in examples], dtype=torch.float32),
        }


class TaggerTrainer(Trainer):
    """A Trainer whose evaluation is strict span F1 after constrained decoding."""

    def __init__(self, *, alphabet: Alphabet, dev: Sequence[Example], **options: Any) -> None:
        super().__init__(**options)
        self.alphabet, self.dev = alphabet, list(dev)

    def evaluate(
        self,
        eval_dataset: Any = None,
        ignore_keys: list[str] | None = None,
        metric_key_prefix: str = "eval",
    ) -> dict[str, float]:
        network = self.model
        assert isinstance(network, TaggerNetwork)
        found = predict(network, self.alphabet, [e.text for e in self.dev], self.args.bf16)
        metrics = {
            f"{metric_key_prefix}_f1": strict_f1([example.spans for example in self.dev], found)
        }
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(
            self.args, self.state, self.control, metrics
        )
        return metrics

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        if self.optimizer is None:
            self.optimizer = torch.optim.AdamW(
                _groups(self.model, self.args.learning_rate, self.head_rate, self.args.weight_decay)
            )
        return self.optimizer

    head_rate: float = 2e-3


def fine_tune(
    settings: Settings,
    train: Sequence[Example],
    dev: Sequence[Example],
    out: Path,
    *,
    resume: bool = False,
    callbacks: Sequence[TrainerCallback] = (),
    quiet: bool = False,
    prepare: Callable[[TaggerNetwork], TaggerNetwork] = lambda network: network,
) -> float:
    """Train and write config.json, model.safetensors, vocab.txt, lattice.json, log.json to `out`.

    Returns the strict micro F1 on `dev` of the epoch that was kept. An interrupted run leaves
    its checkpoints in `out/checkpoints`; with `resume` it goes on from the last one. `prepare`
    gives the network in which the loaded one is trained, where that learns by another loss. Raises
    UserError where the encoder cannot be loaded or `train` is empty.
    """
    if not train:
        raise UserError("no sentences to train on", remedy="name files under `train`")
    if settings.threads:
        torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    source = encoder_source(settings)
    alphabet = load_alphabet(source)
    network = prepare(load_network(source, settings.dropout))
    rows = network.bert.get_input_embeddings().num_embeddings
    if len(alphabet) > rows:
        raise UserError(
            f"vocab.txt holds {len(alphabet):,} tokens, the encoder {rows:,} (词表与模型不符)",
            where=source,
            remedy="put back the vocab.txt that belongs to the encoder",
        )
    scheme = Scheme()
    checkpoints = out / "checkpoints"
    if not resume:
        shutil.rmtree(checkpoints, ignore_errors=True)
    checkpoints.mkdir(parents=True, exist_ok=True)
    data = as_dataset(train)
    data = data.add_column("length", [len(example.text) for example in train])
    augment = Augmenter(
        train,
        masked=settings.masked,
        turned=settings.turned,
        exchanged=settings.exchanged,
        seed=settings.seed,
    )
    trainer = TaggerTrainer(
        alphabet=alphabet,
        dev=dev,
        model=network,
        args=_arguments(settings, checkpoints, len(train), quiet),
        data_collator=Collator(alphabet, scheme, augment),
        train_dataset=data,
        eval_dataset=data,
        callbacks=[EarlyStoppingCallback(settings.patience), *callbacks],
    )
    trainer.head_rate = settings.head_learning_rate
    trainer.train(resume_from_checkpoint=get_last_checkpoint(str(checkpoints)) if resume else None)
    save(network, alphabet, scheme, out)
    log = trainer.state.log_history
    (out / "log.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(checkpoints)
    return float(trainer.state.best_metric or 0.0)


def predict(
    network: TaggerNetwork, alphabet: Alphabet, texts: Sequence[str], bfloat16: bool = False
) -> list[list[Span]]:
    """Spans of each text, batched by length; a text past `LONGEST` is read up to there."""
    lattice = lattice_of(network, Scheme())
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    found: list[list[Span]] = [[] for _ in texts]
    was_training = network.training
    network.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
        for first in range(0, len(order), 32):
            chosen = [i for i in order[first : first + 32] if texts[i]]
            if not chosen:
                continue
            cut = [fold(texts[i][:LONGEST]) for i in chosen]
            ids, lengths = batch_ids(alphabet, cut, max(map(len, cut)) + 2)
            mask = torch.from_numpy((ids != alphabet.pad).astype(np.int64))
            scores = network.bert(input_ids=torch.from_numpy(ids), attention_mask=mask).logits
            decoded = decode(lattice, scores[:, 1:-1].float().numpy(), lengths)
            for i, spans in zip(chosen, decoded, strict=True):
                found[i] = spans
    network.train(was_training)
    return found


def lattice_of(network: TaggerNetwork, scheme: Scheme) -> Lattice:
    """The network's transitions for decoding."""
    transitions = network.chain.transitions().detach().numpy().astype(np.float32)
    return Lattice(scheme, transitions, scheme.starts(), scheme.ends())


def save(network: TaggerNetwork, alphabet: Alphabet, scheme: Scheme, out: Path) -> None:
    """Write the model's folder, as AutoModelForTokenClassification loads it, and the lattice."""
    out.mkdir(parents=True, exist_ok=True)
    network.bert.save_pretrained(out)
    (out / "vocab.txt").write_text("\n".join(alphabet.pieces) + "\n", encoding="utf-8")
    lattice_of(network, scheme).save(out / "lattice.json")


def encoder_source(settings: Settings) -> str:
    """The encoder's folder where it exists under the settings' base, else the name as given."""
    local = Path(settings.base) / settings.encoder
    return str(local) if local.is_dir() else settings.encoder


def load_alphabet(source: str) -> Alphabet:
    """The vocabulary of a local folder or a hub model."""
    if Path(source).is_dir():
        return Alphabet.load(Path(source))
    from transformers import AutoTokenizer

    try:
        pieces = AutoTokenizer.from_pretrained(source).get_vocab()
    except OSError as error:
        raise _no_encoder(source) from error
    return Alphabet(sorted(pieces, key=lambda piece: pieces[piece]))


def load_network(source: str, dropout: float) -> TaggerNetwork:
    """Encoder, head and chain; a folder that was fine-tuned before brings all three."""
    scheme = Scheme()
    try:
        config = AutoConfig.from_pretrained(
            source,
            num_labels=len(scheme),
            id2label=dict(enumerate(scheme.tags)),
            label2id=scheme.ids,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
        )
        bert = AutoModelForTokenClassification.from_pretrained(
            source, config=config, dtype=torch.float32
        )
    except (OSError, ValueError) as error:
        raise _no_encoder(source) from error
    except SafetensorError as error:
        raise UserError(
            f"model.safetensors is damaged: {error} (模型文件损坏)",
            where=source,
            remedy="restore the file, it was cut off or changed",
        ) from error
    chain = ChainLoss(scheme)
    lattice = Path(source) / "lattice.json"
    if lattice.is_file():
        learned = torch.from_numpy(Lattice.load(lattice).transitions)
        chain.learned.data = torch.where(chain.allowed < 0, chain.learned.data, learned)
    return TaggerNetwork(bert, chain)


def _no_encoder(source: str) -> UserError:
    return UserError(
        "no encoder can be loaded from there (找不到编码器)",
        where=source,
        remedy="set `encoder` in configs/train.yaml to a folder with config.json, vocab.txt and "
        "model.safetensors, or to a hub model's name where a hub can be reached",
    )


def _arguments(settings: Settings, folder: Path, sentences: int, quiet: bool) -> TrainingArguments:
    steps = max(1, sentences // settings.batch_sentences)
    return TrainingArguments(
        output_dir=str(folder),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch_sentences,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        warmup_steps=int(settings.warmup * steps * settings.epochs),
        lr_scheduler_type="linear",
        max_grad_norm=1.0,
        train_sampling_strategy="group_by_length",
        length_column_name="length",
        remove_unused_columns=False,
        eval_strategy="epoch",
        save_strategy="epoch",
        save_total_limit=1,
        load_best_model_at_end=True,
        metric_for_best_model="f1",
        greater_is_better=True,
        logging_steps=max(1, steps // 4),
        report_to="none",
        use_cpu=not torch.cuda.is_available(),
        bf16=wants_bfloat16(settings),
        dataloader_pin_memory=False,
        disable_tqdm=quiet or bool(os.environ.get("WORKPLAN_NO_PROGRESS")),
        seed=settings.seed,
        data_seed=settings.seed,
    )


def wants_bfloat16(settings: Settings) -> bool:
    """Whether to compute in bfloat16: as set, or where the processor does it in hardware."""
    if settings.precision != "auto":
        return settings.precision == "bfloat16"
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def _groups(network: Any, rate: float, head_rate: float, decay: float) -> list[dict[str, Any]]:
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        new = name.startswith("chain.") or ".classifier." in name
        key = (head_rate if new else rate, decay if parameter.dim() > 1 else 0.0)
        groups.setdefault(key, []).append(parameter)
    return [{"params": p, "lr": lr, "weight_decay": wd} for (lr, wd), p in groups.items()]


def _view(row: dict[str, Any]) -> Example:
    """A row's sentence as labellers see it: in simplified script and half-width forms."""
    spans = tuple(Span(s["start"], s["end"], s["label"], s["confidence"]) for s in row["spans"])
    return Example(row["id"], fold(row["text"]), spans, weight=row["weight"])


def _cut(example: Example, longest: int) -> Example:
    if len(example.text) <= longest:
        return example
    spans = tuple(span for span in example.spans if span.end <= longest)
    return Example(example.id, example.text[:longest], spans, weight=example.weight)
