"""Asks in the terminal: what matters next, with progress, each answer again until it can be read."""

from typing import Any

import typer
from rich.console import Console

from rules import AnswersRefused, evaluate, next_question
from rules.answers import NOT_SURE
from rules.content import Group, Item, SelfTest
from rules.shapes import NextQuestion
from service.reader import N_, Reader

STOPPED = {
    "urgent": N_("No more questions: please read what comes first."),
    "settled": N_("That is all: no further answer could change the result."),
    "budget": N_("That is all for the time you gave. More answers could still change the result."),
    "nothing-left": N_("Those were all the questions."),
}


class Asking:
    """One person at the terminal."""

    def __init__(self, reader: Reader, console: Console) -> None:
        self.reader = reader
        self.pack = reader.pack
        self.console = console
        self.given: dict[str, Any] = {}
        self._left_out: dict[str, str] = {}
        self._group_of = {item.link_id: group for group in reader.pack.groups for item in group.items}
        self._heading = ""

    def ask(self, minutes: int | None = None, *, self_tests: bool = True) -> dict[str, Any]:
        """Ask until nothing could change, or for about so many minutes. What is left out is not in the answers."""
        say, show = self.reader.say, self.console.print
        show(self.pack.label.intended_use)
        show(say("Enter leaves a question out. Ctrl-C stops and keeps nothing."), style="dim")
        seconds = minutes * 60 if minutes else None
        while True:
            step = next_question(self.pack, self.given | self._left_out, self_tests=self_tests, max_seconds=seconds)
            if step["should_stop"]:
                break
            self._ask_together(step)
        why = STOPPED[step["stop_because"] or "nothing-left"]
        show("\n" + say(why), style="dim")
        return self.given

    def _ask_together(self, step: NextQuestion) -> None:
        items = [self.pack.items[one["link_id"]] for one in step["items"]]
        test = self.pack.test_of.get(items[0].link_id)
        if test:
            self._explain(test)
        else:
            self._head(self._group_of[items[0].link_id])
        minutes = -(-step["progress"]["seconds_left"] // 60)
        progress = self.reader.say("{answered} answered · at most about {minutes} min left")
        text = progress.format(answered=step["progress"]["answered"], minutes=minutes)
        self.console.print("\n" + text, style="dim", highlight=False)
        for item in items:
            answer = self._answer(item)
            if answer is None:
                self._left_out[item.link_id] = NOT_SURE
            else:
                self.given[item.link_id] = answer

    def _head(self, group: Group) -> None:
        if group.title != self._heading:
            self._heading = group.title
            self.console.rule(group.title)
            if group.intro:
                self.console.print(group.intro, style="dim")

    def _explain(self, test: SelfTest) -> None:
        self._heading = test.title
        self.console.rule(test.title)
        for number, step in enumerate(test.steps, start=1):
            self.console.print(f"  {number}  {step}", highlight=False)
        for rule in test.stop_rules:
            self.console.print(f"  [yellow]{rule}[/yellow]", highlight=False)

    def _answer(self, item: Item) -> object:
        """One answer, asked again until it can be read; None when it is left out."""
        say, show = self.reader.say, self.console.print
        codes = [*self.pack.options(item.link_id), NOT_SURE] if self.pack.options(item.link_id) else []
        show(f"\n[bold]{item.text}[/bold]")
        if item.help:
            show(item.help, style="dim")
        for number, code in enumerate(codes, start=1):
            show(f"  {number}  {self.pack.option_text(item.link_id, code)}", highlight=False)
        if codes:
            hint = say("numbers, with commas") if item.type == "choices" else say("a number")
        else:
            hint = say("{least} to {most}").format(least=f"{item.min:g}", most=self.reader.quantity(item.max or 0, item.unit or ""))
        while True:
            text = typer.prompt(f"({hint})", default="", show_default=False).strip()
            if not text:
                return None
            answer = _understood(text, codes, several=item.type == "choices")
            if answer is None:
                show(say("Please choose by number.") if codes else say("Please type a number."), style="yellow")
                continue
            problem = self._problem(item, answer)
            if problem is None:
                return answer
            show(problem, style="yellow")

    def _problem(self, item: Item, answer: object) -> str | None:
        try:
            evaluate(self.pack, self.given | self._left_out | {item.link_id: answer})
        except AnswersRefused as refused:
            return next((one.message for one in refused.problems if one.link_id == item.link_id), None)
        return None


def _understood(text: str, codes: list[str], *, several: bool) -> object:
    if "_" in text:  # Python's own way to group digits
        return None
    try:
        if not codes:
            return float(text.replace(",", "."))
        picked = [codes[int(part) - 1] for part in text.split(",") if int(part) > 0]
    except (ValueError, IndexError):
        return None
    if not picked or (len(picked) > 1 and not several):
        return None
    return picked if several and picked != [NOT_SURE] else picked[0]
