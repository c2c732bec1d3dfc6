"""Reasoning about muscle balance: load a pack of content, read answers, give guidance. Pure; needs only Pydantic and a YAML parser."""

from rules.answers import AnswerProblem, AnswersRefused
from rules.content import Fault, Pack, PackRefused, load_pack
from rules.guidance import evaluate
from rules.interview import next_question
from rules.shapes import Guidance, NextQuestion

__all__ = [
    "AnswerProblem",
    "AnswersRefused",
    "Fault",
    "Guidance",
    "NextQuestion",
    "Pack",
    "PackRefused",
    "evaluate",
    "load_pack",
    "next_question",
]
