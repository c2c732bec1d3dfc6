"""The questionnaire and the weekly questions as JSON Schema: one property for each question, with its text, options, unit and limits."""

from typing import Any

from rules import Pack
from rules.answers import NOT_SURE
from rules.content import EnableWhen, Group, Item
from rules.follow_up.check_ins import key_of
from service.batch.rows import LONGEST_ID
from service.bodies import MOST

Schema = dict[str, Any]


def answers_schema(pack: Pack) -> Schema:
    """The `answers` object of a JSON body."""
    return {
        "type": "object",
        "title": "Answers",
        "description": 'Flat: link_id to option code, number or list of codes. Leaving an item out and "not-sure" both mean undecided.',
        "properties": {item.link_id: _property(pack, group, item) for group in pack.groups for item in group.items},
        "dependentSchemas": {item.link_id: _enabled(pack, item) for item in pack.items.values() if item.enable_when},
        "additionalProperties": False,
    }


def _enabled(pack: Pack, item: Item) -> Schema:
    """What must have been answered before this item may be."""
    met = [_met(pack, condition) for condition in item.enable_when]
    return met[0] if len(met) == 1 else {f"{item.enable_behavior}Of": met}


def _met(pack: Pack, condition: EnableWhen) -> Schema:
    question = condition.question
    if condition.operator == "exists":
        return {"required": [question]} if condition.answer else {"not": {"required": [question]}}
    limits = {">": "exclusiveMinimum", "<": "exclusiveMaximum", ">=": "minimum", "<=": "maximum"}
    answer: Schema
    if condition.operator in limits:
        answer = {"type": "number", limits[condition.operator]: condition.answer}
    else:
        same: Schema = {"const": condition.answer}
        holds = {"contains": same} if pack.items[question].type == "choices" else same
        answer = holds if condition.operator == "=" else {"not": {"anyOf": [holds, {"const": NOT_SURE}]}}
    return {"required": [question], "properties": {question: answer}}


def _property(pack: Pack, group: Group, item: Item) -> Schema:
    codes = list(pack.options(item.link_id))
    schema: Schema
    match item.type:
        case "choice":
            schema = {"type": "string", "enum": [*codes, NOT_SURE]}
        case "choices":
            alone = [option.code for option in pack.options(item.link_id).values() if option.exclusive]
            others = [code for code in codes if code not in alone]
            several = {"type": "array", "items": {"type": "string", "enum": others}, "minItems": 1, "uniqueItems": True}
            schema = {"anyOf": [several, *({"const": [code]} for code in alone), {"const": NOT_SURE}]}
        case _:
            number = {"type": "integer" if item.type == "integer" else "number", "minimum": item.min, "maximum": item.max}
            schema = {"anyOf": [number, {"const": NOT_SURE}]}
    return {"title": item.text, "description": _described(pack, group, item), **schema}


def _described(pack: Pack, group: Group, item: Item) -> str:
    """The question with everything needed to answer it, as Markdown."""
    lines = [f"{group.title}: {item.text}", item.help]
    lines.extend(f"- `{option.code}`: {option.text}" for option in pack.options(item.link_id).values())
    if item.unit:
        lines.append(f"From {item.min:g} to {item.max:g} {pack.label.units[item.unit]}.")
    lines.extend(f"Only after `{condition.question}` {condition.operator} `{condition.answer}`." for condition in item.enable_when)
    return "\n".join(line for line in lines if line)


def batch_row_schema() -> Schema:
    """One line of a batch."""
    return {
        "type": "object",
        "title": "BatchRow",
        "properties": {
            "id": {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_ID,
                "description": "Yours; comes back with the guidance. Visible characters, and nothing that tells who it is.",
            },
            "answers": {"$ref": "#/components/schemas/Answers"},
        },
        "required": ["answers"],
        "additionalProperties": False,
    }


def what_if_schema(pack: Pack) -> Schema:
    """The body of a what-if. A change may name questions that would not be asked: they are left aside."""
    change = {**answers_schema(pack), "title": "Change", "description": "Answers to put in the place of those given, or beside them."}
    del change["dependentSchemas"]
    return {
        "type": "object",
        "title": "WhatIfRequest",
        "properties": {"answers": {"$ref": "#/components/schemas/Answers"}, "change": change},
        "required": ["answers"],
        "additionalProperties": False,
    }


def next_schema() -> Schema:
    """The body of a step of the interview."""

    def bound(what: str) -> Schema:
        return {
            "type": "integer",
            "minimum": 1,
            "maximum": MOST,
            "description": f"{what} for the whole interview; what safety needs is asked in any case.",
        }

    return {
        "type": "object",
        "title": "NextRequest",
        "properties": {
            "answers": {"$ref": "#/components/schemas/Answers"},
            "self_tests": {
                "type": "boolean",
                "default": True,
                "description": "Whether self-tests are asked; without, those not answered count as not tried.",
            },
            "max_items": bound("The most answers"),
            "max_seconds": bound("The most seconds"),
        },
        "required": ["answers"],
        "additionalProperties": False,
    }


def check_in_schema(pack: Pack) -> Schema:
    """The body of a check-in: one property for each weekly question."""
    return {
        "type": "object",
        "title": "CheckInRequest",
        "description": 'Leaving a question out and "not-sure" both mean undecided; nothing gets harder then.',
        "properties": {key_of(one): _weekly(pack, one) for one in pack.follow_up.check_in.questions},
        "additionalProperties": False,
    }


def _weekly(pack: Pack, question: Item) -> Schema:
    options = question.own_options
    lines = [question.help, *(f"- `{option.code}`: {option.text}" for option in options)]
    if question.unit:
        lines.append(f"From {question.min:g} to {question.max:g} {pack.label.units[question.unit]}.")
    kind = "integer" if question.type == "integer" else "number"
    number: Schema = {"anyOf": [{"type": kind, "minimum": question.min, "maximum": question.max}, {"const": NOT_SURE}]}
    choice: Schema = {"type": "string", "enum": [*(option.code for option in options), NOT_SURE]}
    return {"title": question.text, "description": "\n".join(line for line in lines if line), **(choice if options else number)}


def form_schema(pack: Pack) -> Schema:
    """The same questions as form fields. Options are shown in words; a blank field is not an answer."""
    properties: Schema = {}
    for group in pack.groups:
        for place, item in enumerate(group.items):
            heading = f"### {group.title}\n{group.intro}\n\n" if place == 0 else ""
            properties[item.link_id] = _field(pack, item, heading)
    return {"type": "object", "title": "AssessmentForm", "properties": properties, "additionalProperties": False}


def _field(pack: Pack, item: Item, heading: str) -> Schema:
    words = [option.text for option in pack.options(item.link_id).values()]
    about = f"{heading}**{item.text}**" + (f"\n\n{item.help}" if item.help else "")
    match item.type:
        case "choice":
            # Swagger UI sends the first option of an optional choice unasked, unless an empty one stands first and is the example.
            return {"type": "string", "enum": ["", *words, pack.label.not_sure], "default": "", "description": about}
        case "choices":
            # The blank that the page offers is no answer, here as everywhere.
            return {"type": "array", "items": {"type": "string", "enum": ["", *words]}, "default": [], "description": about}
        case _:
            unit = pack.label.units[item.unit or ""]
            return {
                "type": "string",
                "default": "",
                "example": "",
                "description": f"{about}\n\nIn {unit}, from {item.min:g} to {item.max:g}.",
            }


def answers_of_form(pack: Pack, fields: dict[str, list[str]]) -> dict[str, object]:
    """Form fields as answers: words become codes, digits become numbers; what cannot be understood is left for the reader of answers to refuse."""
    return {name: _answer(pack, name, values) for name, values in fields.items()}


def _answer(pack: Pack, name: str, values: list[str]) -> object:
    item = pack.items.get(name)
    if item is None:
        return values[0]
    codes = {option.text: option.code for option in pack.options(name).values()} | {pack.label.not_sure: NOT_SURE}
    chosen = [codes.get(value, value) for value in values]
    if chosen == [NOT_SURE]:
        return NOT_SURE
    if item.type == "choices":
        return chosen
    if len(chosen) > 1:
        return chosen
    return _number(chosen[0]) if item.type in ("integer", "decimal") else chosen[0]


def _number(text: str) -> object:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text
