"""What the workbench's addresses take: bodies of requests, checked, with examples for /docs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Label = Literal["DEADLINE", "QUANTITY", "ORG", "METRIC", "ACTION"]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Number = Annotated[float, Field(ge=-1e18, le=1e18, allow_inf_nan=False)]
Who = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as JSON values; a field left out stays as it was."""
        return self.model_dump(mode="json", exclude_unset=True, by_alias=True)


class Days(_Form):
    """First and last day, either end open."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    start: date | None = Field(default=None, alias="from", examples=["2025-01-01"])
    end: date | None = Field(default=None, alias="to", examples=["2025-12-31"])

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.start > self.end:
            raise ValueError("the first day is after the last (起止颠倒)")
        if any(day and day.year < 1900 for day in (self.start, self.end)):
            raise ValueError("a day before 1900 (日期过早)")
        return self


class Body(_Form):
    """An organisation with its part in the task."""

    text: Name
    role: Literal["lead", "joint", "responsible"] = "responsible"


class _Cells(_Form):
    deadline: Text | None = Field(default=None, description="the deadline's words")
    due: Days | None = None


class TaskCells(_Cells):
    """Cells of a task; one that is left out stays as it is."""

    phrase: Text | None = Field(default=None, description="the 任务 column")
    kind: Literal["task", "result", "background", "heading"] | None = None
    orgs: list[Body] | None = Field(default=None, max_length=60)


class TargetCells(_Cells):
    """Cells of a target; one that is left out stays as it is."""

    metric: Text | None = None
    quantity: Text | None = Field(default=None, description="the figure's words")
    comparator: Literal["eq", "ge", "gt", "le", "lt", "approx", "range"] | None = None
    value: Number | tuple[Number, Number] | None = None
    unit: Text | None = None
    orgs: list[Body] | None = Field(default=None, max_length=60)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if isinstance(self.value, tuple) and self.value[0] > self.value[1]:
            raise ValueError("the lower value is the higher (上下限颠倒)")
        sent = self.model_fields_set
        if "value" in sent and "comparator" not in sent:
            raise ValueError("a value needs its comparator (数值须同时给出比较方式)")
        ranged = isinstance(self.value, tuple)
        if self.value is not None and ranged != (self.comparator == "range"):
            raise ValueError("a range has two values, all else one (区间须有两个数，其余只有一个)")
        return self


class _Change(_Form):
    who: Who
    seen: int = Field(
        default=0, ge=0, description="number of the last change that the sender knows"
    )


class SpansChange(_Change):
    """All spans of a sentence, as they should be: [start, end, label] in its characters."""

    kind: Literal["spans"]
    sentence: int = Field(ge=0)
    spans: list[tuple[int, int, Label]] = Field(max_length=2000)


class CellsChange(_Change):
    """Cells of a task and of one of its targets."""

    kind: Literal["cells"]
    task: str = Field(max_length=64)
    target: int | None = Field(default=None, ge=0)
    cells: TaskCells = TaskCells()
    target_cells: TargetCells = TargetCells()


class ReviewChange(_Change):
    """A task was checked, or is to be checked again."""

    kind: Literal["review"]
    task: str = Field(max_length=64)
    reviewed: bool = True


class PlanChange(_Change):
    """What the plan says of itself; dates are read anew where the year changes."""

    kind: Literal["plan"]
    year: Annotated[int, Field(ge=1949, le=2199)] | None = None
    title: Name | None = None
    issuer: Name | None = None


class UndoChange(_Change):
    """A change that counts no longer; undoing an undo brings it back."""

    kind: Literal["undo"]
    number: int = Field(ge=1)


Change = Annotated[
    SpansChange | CellsChange | ReviewChange | PlanChange | UndoChange, Field(discriminator="kind")
]


class Sentence(BaseModel):
    """One sentence for /label; keys of your own come back with it."""

    model_config = ConfigDict(extra="allow")
    id: str | int
    text: str
    year: Annotated[int, Field(ge=1949, le=2199)] | None = None


class LabelCall(_Form):
    """Sentences to label; `year` is that of sentences without one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"sentences": [{"id": 1, "text": "年底前新建幼儿园3所。"}], "year": 2031}]
        },
    )
    sentences: list[Sentence]
    year: Annotated[int, Field(ge=1949, le=2199)] | None = None
