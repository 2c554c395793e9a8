"""The sandbox from another process: the command line, the HTTP verbs and the page."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox import NotThere, RemoteSandbox
from tests.sandbox.slack import (
    a_button,
    a_modal,
    an_app,
    an_input,
    buttons,
    by_socket,
    keeping,
    options,
    plain,
)

ROOT = Path(__file__).parents[2]


async def test_a_test_elsewhere_has_the_same_verbs(sandbox, client):
    app = an_app(sandbox)

    @app.command("/go")
    async def go(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=a_modal())
        await ack()

    @app.view("form")
    async def form(ack, body, client):
        await ack()
        await client.chat_postMessage(
            channel=body["user"]["id"], text="Well?", blocks=[buttons(a_button())]
        )

    pressed: list[Any] = []
    app.action("yes")(keeping(pressed))
    app.event("message")(keeping([]))

    async with by_socket(sandbox, app), RemoteSandbox(sandbox.url) as remote:
        asha = await remote.person("U0ASHA").look()
        assert (await asha.command("/go")).acked
        assert [view.title for view in asha.views] == ["A form"]
        await asha.fills({"Why?": "because"})
        assert (await asha.submits()).acked
        await remote.quiet()
        await asha.look()
        card = asha.direct_messages()[-1]
        assert card.buttons == ["Yes"]
        await asha.clicks(asha.dm, card.ts, label="Yes")
        with pytest.raises(NotThere, match="no modal open"):
            await asha.submits()
        assert [r.kind for r in await remote.wire() if r.direction == "to_bot"]
        assert await remote.complaints() == []
        await remote.faults.add("auth.test", "error")
        assert len((await remote.state())["faults"]) == 1
        await remote.faults.clear()

    assert len(pressed) == 1


async def test_the_command_line_starts_it_and_a_signal_ends_it(tmp_path):
    people = tmp_path / "people.toml"
    people.write_text('[[person]]\nid = "U0ONE"\nname = "One Person"\nguest = true\n')
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0", "--workspace", str(people)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert running.stdout
    line = (await running.stdout.readline()).decode()
    url = line.split()[-1]
    async with RemoteSandbox(url) as remote:
        assert (await remote.state())["people"][0]["guest"] is True
    running.send_signal(signal.SIGTERM)

    assert "ready at http://127.0.0.1:" in line
    assert await running.wait() == 0


async def test_the_command_line_refuses_other_hosts():
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--host", "0.0.0.0"),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await running.communicate()

    assert running.returncode == 1
    assert b"only listens on this machine" in said


async def test_the_page_shows_what_a_person_sees_and_does_what_they_press(sandbox, client, seen):
    submitted: list[Any] = []
    app = an_app(sandbox)
    app.action("yes")(keeping(seen))
    app.event("message")(keeping([]))

    @app.view("form")
    async def form(ack, view):
        submitted.append(view["state"]["values"])
        await ack()

    asha = sandbox.person("U0ASHA")
    card = await client.chat_postMessage(
        channel="U0ASHA", text="Well?", blocks=[buttons(a_button())]
    )
    await sandbox.world.deliverer.close()
    select = {"type": "static_select", "action_id": "colour", "options": options("red")}
    async with by_socket(sandbox, app), aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.url}/") as front:
            assert "Asha Patel" in await front.text()
        async with session.get(f"{sandbox.url}/as/U0ASHA/{asha.dm}") as page:
            text = await page.text()
            assert "This is a rehearsal" in text
            assert ">Yes</button>" in text
        given = {
            "channel": asha.dm,
            "ts": card["ts"],
            "action": "yes",
            "block": card["message"]["blocks"][0]["block_id"],
        }
        async with session.post(f"{sandbox.url}/as/U0ASHA/press", data=given) as done:
            assert (await done.json())["answered"]
        said = {"channel": asha.dm, "text": "Typed <b>here</b>"}
        async with session.post(f"{sandbox.url}/as/U0ASHA/say", data=said) as done:
            assert (await done.json())["answered"]
        async with session.get(f"{sandbox.url}/as/U0ASHA/{asha.dm}") as page:
            assert "Typed &lt;b&gt;here&lt;/b&gt;" in await page.text()
        modal = a_modal("Fill me", an_input("why", "Why?"), an_input("c", "Colour", select))
        shown = sandbox.world.open_view(modal, "U0ASHA")
        form_data = [
            ("view", shown.id),
            ("press", "submit"),
            ("inputs", "why||why"),
            ("in:why||why", "because"),
            ("inputs", "c||colour"),
            ("in:c||colour", "red"),
        ]
        async with session.post(f"{sandbox.url}/as/U0ASHA/view", data=form_data) as done:
            assert (await done.json())["answered"]
        assert asha.view is None

    assert len(seen) == 1
    assert submitted[0]["why"]["why"]["value"] == "because"
    assert submitted[0]["c"]["colour"]["selected_option"]["value"] == "red"


async def test_another_site_cannot_press_buttons_here(sandbox):
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{sandbox.url}/as/U0ASHA/open-home", headers={"Origin": "https://elsewhere.example"}
        ) as no,
    ):
        assert no.status == 403


async def test_the_page_draws_every_block_and_input(sandbox, client):
    def chooser(kind, **more):
        return {"type": kind, "action_id": kind} | more

    kinds = [
        chooser("plain_text_input", multiline=True),
        chooser("multi_static_select", options=options("red", "blue")),
        chooser("radio_buttons", options=options("red", "blue")),
        chooser("checkboxes", options=options("red"), initial_options=options("red")),
        *(chooser(kind) for kind in ("users_select", "multi_users_select", "datepicker")),
        *(chooser(kind) for kind in ("conversations_select", "timepicker", "datetimepicker")),
    ]
    fields = [an_input(e["type"], f"The {e['type']}", e) for e in kinds]
    drawn = [
        {"type": "header", "text": plain("Heading")},
        {"type": "section", "fields": [plain("one"), {"type": "mrkdwn", "text": "*two* <@U0BEN>"}]},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "_small_"}]},
        {"type": "divider"},
        {"type": "section", "text": plain("<script>"), "accessory": chooser("users_select")},
    ]
    sandbox.world.open_view(a_modal("Form", *fields), "U0ASHA")
    home = {"type": "home", "blocks": drawn}
    await client.views_publish(user_id="U0ASHA", view=home)

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{sandbox.url}/as/U0ASHA/home") as page:
            text = await page.text()
        async with session.get(f"{sandbox.url}/panes", params={"drawer": "1"}) as wire:
            assert "views.publish" in (await wire.json())["drawer"]

    assert "Heading" in text
    assert "<strong>two</strong>" in text
    assert "@Ben Osei" in text
    assert "&lt;script&gt;" in text
    assert all(f"The {e['type']}" in text for e in kinds)


async def test_the_clock_is_followed_and_reset_from_outside(sandbox):
    marks = [{"label": "Next reminder", "at": "2100-01-01T10:00:00+00:00"}]
    async with aiohttp.ClientSession() as session:
        await session.post(f"{sandbox.url}/sandbox/clock/marks", json={"marks": marks})
        async with session.get(f"{sandbox.url}/sandbox/clock") as answer:
            before = await answer.json()
        assert before["marks"][0]["label"] == "Next reminder"
        waiting = asyncio.create_task(
            session.get(f"{sandbox.url}/sandbox/clock", params={"after": before["count"]})
        )
        await session.post(f"{sandbox.url}/rule/clock", data={"hours": "1"})
        seen = await (await waiting).json()
        assert 3599 < seen["ahead"] - before["ahead"] < 3601
        await sandbox.person("U0ASHA").creates("gone")
        await session.post(f"{sandbox.url}/sandbox/reset")
        async with session.get(f"{sandbox.url}/sandbox/clock") as answer:
            assert (await answer.json())["resets"] == 1
    assert not sandbox.channels()
