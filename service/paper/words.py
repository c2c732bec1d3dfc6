"""The chrome words of the sheet, in the reader's language."""

from service.reader import Reader


def words(reader: Reader) -> dict[str, str]:
    """Headings and labels by the name the template knows them by."""
    _ = reader.say
    return {
        "care": _("What we took care of"),
        "open": _("Still open"),
        "support": _("More than exercises"),
        "stands-out": _("What stands out"),
        "speaks": _("What speaks for it"),
        "against": _("What speaks against it"),
        "measured": _("What you measured"),
        "test": _("Self-test"),
        "yours": _("You"),
        "usual": _("What is usual"),
        "plan": _("Your plan"),
        "watch": _("Watch out:"),
        "care-here": _("Take care:"),
        "diary": _("Four weeks to tick off"),
        "tick": _("One box for each day you do it. Spread the days over the week as it suits you."),
        "exercise": _("Exercise"),
        "recheck": _("Look again"),
        "limits": _("Good to know"),
        "left-out": _("Left out, and why"),
        "page": _("Your private page"),
        "keep": _("Photograph the code or type the address. Whoever has it can read this, so keep it to yourself."),
        "code": _("QR code with the address of your private page"),
        "sources": _("Rests on:"),
    }
