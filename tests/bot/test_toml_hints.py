"""A file that is not TOML is answered with the line, and with what was most likely meant."""

import pytest

from bot.commands import written

STARTS = "[partnership]\n"


def said(text: str) -> str:
    with pytest.raises(written.NotToml) as no:
        written.toml(STARTS + text)
    [line] = written.lines(STARTS + text, no.value.problems)
    return line


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("name = Asha\n", 2, "Words and ids stand in quotation marks"),
        ("name = “Asha”\n", 2, "These quotation marks are curly"),
        ('name = "Asha\nrole = "x"\n', 2, "ends with one, on the same line"),
        ('name "Asha"\n', 2, "Write a name, = and a value"),
        ("Asha Begum\n", 2, "Write a name, = and a value"),
        ('name = "Asha "A" Begum"\n', 2, "Something is left over here"),
        ('\n[[person]\nname = "x"\n', 3, "two square brackets: [[person]]"),
        ('[person]\nname = "x"\n\n[person]\n', 5, "two square brackets: [[person]]"),
        ("[partnership]\n", 2, "The same thing is said twice."),
        ('name = "Asha"\nname = "Ben"\n', 3, "The same thing is said twice."),
        ('units = ["U1" "U2"]\n', 2, "A list ends with ]"),
        ('equivalents = { "x" = "U1"\n', 2, "What begins with { ends with }"),
        ('name = "C:\\people"\n', 2, "Leave the backslash out"),
        ("[people\n", 2, "A heading stands in square brackets"),
    ],
)
def test_it_names_the_line_and_gives_a_hint(text, line, hint):
    sentence = said(text)

    assert sentence.startswith(f"line {line}: This is not TOML: ")
    assert hint in sentence
