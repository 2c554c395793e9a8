"""Block Kit's limits, each just kept and just broken."""

import pytest
from slack_sdk.models import blocks as sdk

from sandbox.block_kit import problems_in_blocks, problems_in_view
from tests.sandbox.slack import a_button, a_modal, an_input, buttons, options, plain


def message(*blocks):
    return problems_in_blocks(list(blocks), "message")


def section(text="x", **more):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | more


def select(**more):
    return {"type": "static_select", "action_id": "s", "options": options("a")} | more


LIMITS = [
    (lambda n: [section("x" * n)], 3000),
    (lambda n: [{"type": "header", "text": plain("x" * n)}], 150),
    (lambda n: [{"type": "section", "fields": [plain("x")] * n}], 10),
    (lambda n: [{"type": "section", "fields": [plain("x" * n)]}], 2000),
    (lambda n: [{"type": "context", "elements": [plain("x")] * n}], 10),
    (lambda n: [buttons(*(a_button(str(i)) for i in range(n)))], 25),
    (lambda n: [buttons(a_button(label="x" * n))], 75),
    (lambda n: [buttons(a_button(value="x" * n))], 2000),
    (lambda n: [buttons(a_button("x" * n))], 255),
    (lambda n: [buttons(select(options=options(*map(str, range(n)))))], 100),
    (lambda n: [buttons(select(placeholder=plain("x" * n)))], 150),
    (lambda n: [section(block_id="x" * n)], 255),
    (lambda n: [an_input("a", "x" * n)], 2000),
    (lambda n: [{"type": "divider"}] * n, 50),
    (lambda n: [{"type": "markdown", "text": "x" * n}], 12_000),
]


@pytest.mark.parametrize(("build", "most"), LIMITS)
def test_a_limit_may_be_reached_but_not_passed(build, most):
    assert message(*build(most)) == []
    assert message(*build(most + 1)) != []


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([{"type": "banner"}], "unsupported type: banner"),
        ([{"text": "x"}], "missing required field: type"),
        ([{"type": "section"}], "missing required field: text or fields"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "unsupported type: mrkdwn"),
        ([section("")], "must be more than 0 characters"),
        ([section(colour="red")], "invalid additional property: colour"),
        ([buttons(a_button(style="loud"))], "must be a valid enum value"),
        ([buttons(a_button("a"), a_button("a"))], "action_id a already exists"),
        ([section(block_id="a"), section(block_id="a")], "block_id a already exists"),
        ([buttons(select(options=[]))], "no fewer than 1 items required"),
        ([buttons({"type": "plain_text_input"})], "unsupported type: plain_text_input"),
        ([buttons(select(initial_option=options("b")[0]))], "initial option is not offered"),
        ([an_input("f", "File", {"type": "file_input"})], "only allowed in a modal"),
        ([], "no fewer than 1 items required"),
    ],
)
def test_what_slack_refuses(blocks, said):
    assert any(said in problem for problem in message(*blocks))


def test_one_action_id_may_stand_in_several_blocks():
    assert message(section(accessory=a_button("open")), section(accessory=a_button("open"))) == []


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (a_modal("x" * 25), "must be less than 25 characters"),
        (a_modal(submit=None), "missing required field: submit"),
        (a_modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
        (a_modal(callback_id="x" * 256), "must be less than 256 characters"),
        ({"type": "modal", "blocks": [section()]}, "missing required field: title"),
        ({"type": "page", "blocks": []}, "must be a valid enum value"),
        (
            {"type": "home", "blocks": [section()], "title": plain("x")},
            "additional property: title",
        ),
        (a_modal("x", *[section()] * 101), "no more than 100 items allowed"),
    ],
)
def test_what_slack_refuses_in_a_view(view, said):
    assert any(said in problem for problem in problems_in_view(view))


def test_what_the_sdk_builds_passes():
    blocks = [
        sdk.HeaderBlock(text="Heading"),
        sdk.SectionBlock(text="*Words*", accessory=sdk.ButtonElement(text="Go", action_id="go")),
        sdk.ContextBlock(elements=[sdk.MarkdownTextObject(text="small")]),
        sdk.DividerBlock(),
        sdk.ActionsBlock(
            elements=[
                sdk.ButtonElement(
                    text="Stop",
                    action_id="stop",
                    style="danger",
                    confirm=sdk.ConfirmObject(title="Sure?", text="Really?", confirm="Yes"),
                ),
                sdk.UserSelectElement(action_id="who", placeholder="Who?"),
                sdk.OverflowMenuElement(
                    action_id="more", options=[sdk.Option(value="a", label="A")]
                ),
            ]
        ),
        sdk.InputBlock(
            label="When",
            element=sdk.DatePickerElement(action_id="when", initial_date="2026-03-06"),
        ),
    ]

    assert message(*(block.to_dict() for block in blocks)) == []
    assert problems_in_view(a_modal()) == []
