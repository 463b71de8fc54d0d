"""What a box says is wrong with it, in the words of the control machine.

A box gives the names of a code, a variant and sentences, who moved, and values. What that means, how much it matters
and what to do about it stands in the catalogue here, so that somebody who has broken into a box cannot tell a
technician what to type.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ..codes import CATALOGUE, known_variant
from ..codes.catalogue.resolvers import SIGNS
from ..codes.phrases.store import STORE
from ..codes.phrases.walked import WALKED
from ..codes.repairs import OBSTACLES
from ..codes.writing.sentences import UnknownSentence, bounded, sentence
from ..model import wire
from ..model.code_name import CodeName, Variant
from ..model.inquiry import Contact, Eligibility, Failure, Inquiry
from ..model.observed import Observed, Pair
from ..model.statement import Statement, say
from .finding import Finding, finding
from .result import Repair, RepairOutcome, Result

_FORM: Final = re.compile(r"(?:ERR_)?IOT_HTTPS_[A-Z0-9_]{1,60}")
_SIGNS: Final = ("- ", "+ ")
_LONGEST_NAME: Final = 40
"""Characters of an image, a branch and a serial number, which stand in tables and in tickets."""


def legible(told: object) -> object:
    """Return a box's result, as parsed from JSON, without names of codes and variants that this version does not know.

    A finding of an unknown code becomes one that says so.
    """
    if not isinstance(told, dict):
        return told
    lists = {name: told[name] for name in ("before", "after") if isinstance(told.get(name), list)}
    return {**told, **{name: [_legible(each) for each in found] for name, found in lists.items()}}


def _legible(told: object) -> object:
    if not isinstance(told, dict) or not isinstance(code := told.get("code"), str):
        return told
    if code not in CATALOGUE:
        named = code if _FORM.fullmatch(code) else None
        return wire.encode(finding(CodeName.NOT_OBSERVED, say("unknown_code", code=named), variant=Variant.NEWER))
    variant = told.get("variant")
    return told if not isinstance(variant, str) else {**told, "variant": known_variant(code, variant)}


def restated(result: Result) -> Result:
    """Return a box's result with every finding and repair as the catalogue has it, and what it is called in short."""
    return replace(
        result,
        before=tuple(map(_finding, result.before)),
        after=tuple(map(_finding, result.after)),
        plan=tuple(map(_repair, result.plan)),
        outcomes=tuple(map(_outcome, result.outcomes)),
        observed=result.observed and _observed(result.observed),
        inquiry=result.inquiry and _inquiry(result.inquiry),
    )


def _observed(told: Observed) -> Observed:
    layout, serial = told.layout, told.identity.serial
    return replace(
        told,
        layout=replace(
            layout,
            image_version=_name(layout.image_version),
            branch=_name(layout.branch),
            problem=_one(layout.problem, CATALOGUE[CodeName.UNSUPPORTED_LAYOUT].sentences),
        ),
        identity=replace(told.identity, serial=_name(serial)),
        certificates=replace(
            told.certificates,
            live=_pair(told.certificates.live),
            mirror=told.certificates.mirror and _pair(told.certificates.mirror),
            serve_error=_one(told.certificates.serve_error, {}),
            unreadable=_one(told.certificates.unreadable, OBSTACLES),
            not_renewable=_seen(told.certificates.not_renewable, OBSTACLES),
        ),
        nginx=replace(
            told.nginx,
            config_error=_one(told.nginx.config_error, CATALOGUE[CodeName.NGINX_CONFIG_BROKEN].sentences),
        ),
        resolvers=replace(told.resolvers, sign=_one(told.resolvers.sign, SIGNS), error=_one(told.resolvers.error, {})),
        odoo=replace(told.odoo, database_error=_one(told.odoo.database_error, {})),
        gaps={part: _gap(reason) for part, reason in told.gaps.items()},
        store=replace(
            told.store,
            unreadable=_one(told.store.unreadable, {}),
            malformed=_seen(told.store.malformed, STORE),
            warnings=_seen(told.store.warnings, STORE),
        ),
    )


def _pair(told: Pair) -> Pair:
    return replace(told, detail=_one(told.detail, {}), chain_detail=_one(told.chain_detail, {}))


def _contact(told: Contact | None) -> Contact | None:
    return told and replace(told, error=_one(told.error, {}))


def _inquiry(told: Inquiry) -> Inquiry:
    met, last = told.eligibility, told.last_run
    return replace(
        told,
        database=_contact(told.database),
        authority=_contact(told.authority),
        eligibility=met and replace(met, seen=_met(met)),
        own_unread=_one(told.own_unread, WALKED),
        unasked=told.unasked and _statement(told.unasked, WALKED),
        last_run=last and replace(last, failures=tuple(map(_failure, last.failures))),
    )


def _met(told: Eligibility) -> tuple[Statement, ...]:
    """Return what was seen, fit for the step and for a finding: a refusal becomes one, at other boxes as well."""
    walked = _seen(told.seen, WALKED)
    return walked if told.code is None else _seen(walked, CATALOGUE[told.code].sentences)


def _failure(told: Failure) -> Failure:
    return replace(told, seen=_seen(told.seen, CATALOGUE[told.code].sentences))


def _name(told: str | None) -> str | None:
    return told and told[:_LONGEST_NAME]


def _finding(told: Finding) -> Finding:
    seen = _seen(told.seen, told.entry.sentences)
    if not told.entry.is_told_by_boxes:  # it would change what kind of failure a run reports
        return finding(CodeName.NOT_OBSERVED, say("not_of_a_box", code=told.code))
    variant = known_variant(told.code, told.variant)
    of_variant = variant and told.entry.variants[variant].finding_class
    allowed = () if of_variant else told.entry.classes
    kind = told.finding_class if told.finding_class in allowed else None
    return finding(told.code, *seen, finding_class=kind, variant=variant)


def _seen(told: tuple[Statement, ...], own: Mapping[str, str]) -> tuple[Statement, ...]:
    return tuple(_statement(each, own) for each in bounded(told))


def _gap(told: Statement) -> Statement:
    return _seen((told,), CATALOGUE[CodeName.NOT_OBSERVED].sentences)[0]


def _one(told: Statement | None, own: Mapping[str, str]) -> Statement | None:
    return told and _seen((told,), own)[0]


def _statement(told: Statement, own: Mapping[str, str]) -> Statement:
    try:
        sentence(told, own)
    except UnknownSentence:
        return say("unreadable")
    return told


def _repair(told: Repair) -> Repair:
    because = tuple(code for code in told.because if code in CATALOGUE)
    diff = tuple(line for line in told.diff if line.startswith(_SIGNS))
    return replace(told, because=because, diff=diff)


def _outcome(told: RepairOutcome) -> RepairOutcome:
    seen = _seen(told.seen, told.sentences)
    return replace(told, repair=_repair(told.repair), seen=seen)
