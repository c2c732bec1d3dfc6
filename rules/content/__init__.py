"""What clinicians write: its shapes, and how a folder of it becomes a pack."""

from rules.content.criterion import (
    AllOf,
    AnyOf,
    AtLeast,
    Criterion,
    FromOption,
    Includes,
    Is,
    Leaf,
    Measured,
    Norm,
    Not,
    Number,
    OneOf,
    OnSide,
    Side,
    SideGap,
    leaves,
)
from rules.content.documents import Fault, PackRefused
from rules.content.evidence import Bearing, Cluster, Grade, Kind, Rule, State
from rules.content.exercise import Exercise, ExerciseKind, PlanRules
from rules.content.follow_up import DECISIONS, CheckIn, CheckInRule, Decision
from rules.content.knowledge import Muscle, Pattern, Source
from rules.content.loading import SEEDS, WRITTEN_IN, languages, load_pack
from rules.content.pack import Pack
from rules.content.questionnaire import EnableWhen, Group, Item, Measure, NormRow, Option, Region, SelfTest
from rules.content.safety import URGENCIES, URGENT, Gate, RedFlag, Urgency
from rules.content.selftests import SIDES, link_id
from rules.content.support import Sign, Signpost
from rules.content.terminologies import Match, Terminology

__all__ = [
    "DECISIONS",
    "SEEDS",
    "SIDES",
    "URGENCIES",
    "URGENT",
    "WRITTEN_IN",
    "AllOf",
    "AnyOf",
    "AtLeast",
    "Bearing",
    "CheckIn",
    "CheckInRule",
    "Cluster",
    "Criterion",
    "Decision",
    "EnableWhen",
    "Exercise",
    "ExerciseKind",
    "Fault",
    "FromOption",
    "Gate",
    "Grade",
    "Group",
    "Includes",
    "Is",
    "Item",
    "Kind",
    "Leaf",
    "Match",
    "Measure",
    "Measured",
    "Muscle",
    "Norm",
    "NormRow",
    "Not",
    "Number",
    "OnSide",
    "OneOf",
    "Option",
    "Pack",
    "PackRefused",
    "Pattern",
    "PlanRules",
    "RedFlag",
    "Region",
    "Rule",
    "SelfTest",
    "Side",
    "SideGap",
    "Sign",
    "Signpost",
    "Source",
    "State",
    "Terminology",
    "Urgency",
    "languages",
    "leaves",
    "link_id",
    "load_pack",
]
