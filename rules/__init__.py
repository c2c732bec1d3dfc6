"""Reasoning about muscle balance: load a pack of content, read answers, give guidance, go on from there. Pure; needs only Pydantic, YAML and Babel."""

from rules.answers import AnswerProblem, AnswersRefused
from rules.content import Fault, Pack, PackRefused, languages, load_pack
from rules.follow_up.check_ins import CheckInOutcome, NoPlan, PastCheckIn, check_in
from rules.follow_up.comparing import Comparison, compare
from rules.follow_up.reevaluation import Reevaluation, reevaluate
from rules.follow_up.what_if import WhatIf, what_if
from rules.guidance import evaluate
from rules.interview import next_question, why_asked
from rules.shapes import Guidance, NextQuestion

__all__ = [
    "AnswerProblem",
    "AnswersRefused",
    "CheckInOutcome",
    "Comparison",
    "Fault",
    "Guidance",
    "NextQuestion",
    "NoPlan",
    "Pack",
    "PackRefused",
    "PastCheckIn",
    "Reevaluation",
    "WhatIf",
    "check_in",
    "compare",
    "evaluate",
    "languages",
    "load_pack",
    "next_question",
    "reevaluate",
    "what_if",
    "why_asked",
]
