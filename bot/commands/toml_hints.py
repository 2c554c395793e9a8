"""A file that is not TOML: on which line, and what its author most likely meant to write."""

import re

_SAID = re.compile(r"(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)")
_CURLY = re.compile("[\u2018\u2019\u201c\u201d]")
_STRAIGHT = (
    "These quotation marks are curly, as a word processor makes them. Type straight ones, in a "
    "plain text editor."
)
_HEADING = "Each heading of which there are several stands in two square brackets: [[person]]."
_TWICE = "The same thing is said twice. Begin each person with [[person]], each setting once."
_MARKS = "What begins with a quotation mark ends with one, on the same line."
# The words of Python's reader, and the hint that goes with them; the first that fits is shown.
_HINTS = {
    r"Cannot declare \('(person|agency|stage)',\)|Expected '\]\]'": _HEADING,
    r"Expected '\]'": "A heading stands in square brackets: [partnership].",
    r"Cannot|Duplicate": _TWICE,
    r"Unclosed array": 'A list ends with ] and has commas between: ["U0123ABCD", "U0456ABCD"].',
    r"Unclosed inline": 'What begins with { ends with }: { name = "Police", phone = "101" }.',
    r"Expected '='|Invalid statement": 'Write a name, = and a value: role = "practitioner".',
    r"Invalid value": 'Words and ids stand in quotation marks: role = "practitioner".',
    r"Expected newline": "Something is left over here: one setting on a line, no marks in marks.",
    r"Unescaped": "Leave the backslash out, or write it twice.",
    r"Unterminated|Illegal character|Expected \"'\"": _MARKS,
}


def is_about_toml(sentence: str) -> bool:
    """Whether this is what Python's reader says, and not a sentence of ours."""
    return _SAID.fullmatch(sentence) is not None


def line_in(source: str, sentence: str) -> int:
    """From 1; the last one when the reader had come to the end."""
    found = _SAID.fullmatch(sentence)
    return int(found[2]) if found and found[2] else max(len(source.splitlines()), 1)


def in_words(source: str, sentence: str) -> str:
    found = _SAID.fullmatch(sentence)
    said = found[1] if found else sentence
    place = f"at column {found[3]}" if found and found[3] else "at the end of the file"
    at = line_in(source, sentence)
    curly = _CURLY.search("".join(source.splitlines()[at - 1 : at]))
    hint = _STRAIGHT if curly else _hint(said)
    return f"This is not TOML: {said.rstrip('.')}, {place}. {hint}".strip()


def _hint(said: str) -> str:
    return next((hint for words, hint in _HINTS.items() if re.match(words, said)), "")
