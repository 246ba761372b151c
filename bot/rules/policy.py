"""What is switched on, and where: features, sites, presets (methodology 26, decision).

A site is where a person works by the roster: a country ("DE"), a part of it ("DE-BY"), or "" for the whole company. A
rule of any of them that says off counts: who stands under two has the stricter one, and whose country or region nobody
knows stands under all that may be theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

COMPANY = ""
State = Literal["on", "off"]
Place = tuple[str | None, str | None]
Need = Literal["notice", "dpia", "agreement"]
Reason = Literal["no_basis", "agreement"]
Basis = Literal["interests", "contract", "duty", "none"]


@dataclass(frozen=True)
class Feature:
    """`built`: there is something to switch. `whole`: only for the whole company. `basis` is what is proposed in the
    field for the legal basis; the employer decides.
    """

    key: str
    built: bool = False
    whole: bool = False
    basis: Basis = "none"


FEATURES: tuple[Feature, ...] = (
    Feature("checkins", built=True, basis="interests"),
    Feature("mood", built=True, basis="interests"),
    Feature("signals"),
    Feature("nudges", built=True, basis="interests"),
    Feature("digests", built=True, basis="interests"),
    Feature("goals", built=True, basis="interests"),
    Feature("kpis", built=True, basis="interests"),
    Feature("feedback", built=True, basis="interests"),
    Feature("peer_360"),
    Feature("pulse"),
    Feature("reviews"),
    Feature("ratings"),
    Feature("calibration"),
    Feature("quality_coach"),
    Feature("talent"),
    Feature("succession"),
    Feature("development_plans"),
    Feature("improvement_plans"),
    Feature("adverse_impact"),
    Feature("completion_lists", built=True, basis="interests"),
    Feature("import", built=True, whole=True, basis="contract"),
    Feature("export", built=True, basis="duty"),
)
BY_KEY: Mapping[str, Feature] = {one.key: one for one in FEATURES}
# Which feature a conversation belongs to that asks people, and which of its questions to which.
ASKED_BY: Mapping[str, str] = {
    "checkin": "checkins", "okr.updates": "goals", "okr.stalled": "goals", "okr.ended": "goals", "okr.check": "goals",
    "kpi.due": "kpis",
}  # fmt: skip
QUESTIONS: Mapping[str, frozenset[str]] = {"mood": frozenset({"mood", "workload", "share_mood"})}
# Fewer people than these are not told in counts where nobody may be told by name.
SMALLEST = 5


@dataclass(frozen=True)
class Preset:
    """`off`: what it switches off for the whole company, each with the code of a reason. `retention` names the terms
    that go with it. `needs` has to be there before anything is started. `limits` are narrower readings of features.
    """

    key: str
    retention: str = "default"
    off: Mapping[str, Reason] = field(default_factory=dict)
    needs: tuple[Need, ...] = ()
    limits: tuple[str, ...] = ()


WITHOUT_BASIS: Mapping[str, Reason] = {"talent": "no_basis", "adverse_impact": "no_basis", "succession": "no_basis"}
PRESETS: Mapping[str, Preset] = {
    one.key: one
    for one in (
        Preset("default"),
        Preset("us", retention="us"),
        Preset("eu", "eu", WITHOUT_BASIS, ("notice", "dpia")),
        Preset(
            "works-council", "eu",
            {**WITHOUT_BASIS, "mood": "agreement", "signals": "agreement", "completion_lists": "agreement"},
            ("notice", "dpia", "agreement"), ("rater_statistics", "quality_statistics"),
        ),
    )
}  # fmt: skip
_SITE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,8})?")


def is_site(text: str) -> bool:
    return text == COMPANY or _SITE.fullmatch(text) is not None


def governs(site: str, place: Place) -> bool:
    """Whether the rule of a site holds for somebody there."""
    country, region = place
    if site == COMPANY or country is None:
        return True
    of_country, _, of_region = site.partition("-")
    return country == of_country and (not of_region or region is None or region == of_region)


@dataclass(frozen=True)
class Policy:
    """`off`: what is switched off, as feature and site; what is not in it is on."""

    off: frozenset[tuple[str, str]] = frozenset()

    def sites_without(self, feature: str) -> frozenset[str]:
        return frozenset(site for key, site in self.off if key == feature)

    def restricts(self, feature: str) -> bool:
        """Anywhere at all."""
        return any(key == feature for key, _ in self.off)

    def allows(self, feature: str, place: Place = ("", "")) -> bool:
        """For somebody who works there; without a place, for the company as a whole."""
        if not BY_KEY[feature].built:
            return False
        return not any(governs(site, place) for site in self.sites_without(feature))

    def asks(self, conversation: str, place: Place) -> bool:
        feature = ASKED_BY.get(conversation)
        return feature is None or self.allows(feature, place)

    def features_for(self, place: Place) -> frozenset[str]:
        return frozenset(one.key for one in FEATURES if self.allows(one.key, place))

    def hidden_questions(self, place: Place) -> frozenset[str]:
        hidden = (keys for feature, keys in QUESTIONS.items() if not self.allows(feature, place))
        return frozenset().union(*hidden)


def missing(preset: str, there: Iterable[Need]) -> tuple[Need, ...]:
    """What this preset wants before anything starts, and is not there yet."""
    known = set(there)
    return tuple(need for need in PRESETS[preset].needs if need not in known)


def differences(before: object, after: object, path: str = "") -> list[tuple[str, object, object]]:
    """Where two pieces of plain data differ: the path, what stood there and what stands there; None for nothing."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*before, *(key for key in after if key not in before)]
        inner = (differences(before.get(key), after.get(key), f"{path}.{key}" if path else str(key)) for key in keys)
        return [one for some in inner for one in some]
    return [] if before == after else [(path, before, after)]


def merge_small(sizes: Mapping[str, int], least: int = SMALLEST) -> frozenset[str]:
    """Which groups are told together, so that none is smaller than `least` and none can be worked out: every small one,
    and the smallest of the others while those together are still too few.
    """
    ordered = sorted((key for key, size in sizes.items() if size), key=lambda key: (sizes[key], key))
    together = [key for key in ordered if sizes[key] < least]
    rest = [key for key in ordered if sizes[key] >= least]
    while together and rest and sum(sizes[key] for key in together) < least:
        together.append(rest.pop(0))
    return frozenset(together)


Refusal = Literal["", "whole_only", "company_off", "no_basis", "not_built"]


def refused(policy: Policy, preset: str, feature: str, site: str, state: State, basis: str) -> Refusal:
    """Why a switch cannot be turned so; `basis` is the legal basis that is recorded."""
    if BY_KEY[feature].whole and site != COMPANY:
        return "whole_only"
    if state == "off":
        return ""
    if PRESETS[preset].off.get(feature) == "no_basis" and not basis:
        return "no_basis"
    if not BY_KEY[feature].built:
        return "not_built"
    return "company_off" if site != COMPANY and (feature, COMPANY) in policy.off else ""
