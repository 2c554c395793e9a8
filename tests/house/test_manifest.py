"""The manifest is one that Slack accepts: its keys, its lengths, its counts."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

MANIFEST: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "manifest.yml").read_text(encoding="utf-8")
)

# Slack refuses a manifest with a key that it does not know. These are the ones we use, and may use.
KEYS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "_metadata": {"major_version", "minor_version", "schema_version", "min_version"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands", "unfurl_domains"},
    "features.app_home": {
        "home_tab_enabled",
        "messages_tab_enabled",
        "messages_tab_read_only_enabled",
    },
    "features.bot_user": {"display_name", "always_online"},
    "features.shortcuts": {"name", "type", "callback_id", "description"},
    "features.slash_commands": {"command", "url", "description", "usage_hint", "should_escape"},
    "oauth_config": {"redirect_urls", "scopes", "token_management_enabled", "pkce_enabled"},
    "oauth_config.scopes": {"user", "bot", "user_optional", "bot_optional"},
    "settings": {
        "allowed_ip_address_ranges",
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "settings.event_subscriptions": {"request_url", "bot_events", "user_events"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}

# The shortest and the longest that Slack allows.
LENGTHS = {
    "display_information.name": (1, 35),
    "display_information.description": (1, 140),
    "display_information.long_description": (175, 4000),
    "features.bot_user.display_name": (1, 80),
    "features.shortcuts.name": (1, 24),
    "features.shortcuts.callback_id": (1, 255),
    "features.shortcuts.description": (1, 150),
    "features.slash_commands.command": (2, 32),
    "features.slash_commands.description": (1, 2000),
    "features.slash_commands.usage_hint": (1, 1000),
    "oauth_config.scopes.bot": (1, 50),
    "settings.event_subscriptions.bot_events": (1, 50),
}

COUNTS = {
    "features.shortcuts": 10,
    "features.slash_commands": 50,
    "oauth_config.scopes.bot": 255,
    "settings.event_subscriptions.bot_events": 100,
}


def at(path: str) -> list[Any]:
    """Everything the manifest has at a path; a list on the way is walked through."""
    found: list[Any] = [MANIFEST]
    for key in filter(None, path.split(".")):
        found = [each[key] for each in found if key in each]
        found = [item for each in found for item in (each if isinstance(each, list) else [each])]
    return found


@pytest.mark.parametrize("path", KEYS)
def test_slack_knows_every_key(path):
    used = {key for mapping in at(path) for key in mapping}

    assert used <= KEYS[path]


@pytest.mark.parametrize("path", LENGTHS)
def test_every_text_has_a_length_slack_allows(path):
    shortest, longest = LENGTHS[path]

    texts = at(path)

    assert texts
    assert [text for text in texts if not shortest <= len(text) <= longest] == []


@pytest.mark.parametrize("path", COUNTS)
def test_no_list_is_too_long_or_names_a_thing_twice(path):
    listed = [str(each) for each in at(path)]

    assert 1 <= len(listed) <= COUNTS[path]
    assert sorted(set(listed)) == sorted(listed)


@pytest.mark.parametrize(
    "path",
    [
        "display_information.name",
        "features.bot_user.display_name",
        "features.shortcuts.name",
        "features.shortcuts.type",
        "features.shortcuts.callback_id",
        "features.shortcuts.description",
        "features.slash_commands.command",
        "features.slash_commands.description",
        "settings.interactivity.is_enabled",
    ],
)
def test_what_slack_requires_is_there_each_time(path):
    parent, _, key = path.rpartition(".")

    assert [mapping for mapping in at(parent) if key not in mapping] == []


def test_commands_shortcuts_and_colour_have_the_form_slack_asks_for():
    assert all(command.startswith("/") for command in at("features.slash_commands.command"))
    assert set(at("features.shortcuts.type")) <= {"global", "message"}
    colour = MANIFEST["display_information"]["background_color"]
    assert re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", colour)


def test_no_more_than_five_shortcuts_of_a_kind():
    kinds = at("features.shortcuts.type")

    assert max(kinds.count("global"), kinds.count("message")) <= 5


def test_people_and_channels_in_a_command_arrive_as_ids():
    assert all(at("features.slash_commands.should_escape"))


def test_no_address_is_written_down_because_socket_mode_needs_none():
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert at("features.slash_commands.url") == []
    assert at("settings.event_subscriptions.request_url") == []
    assert at("settings.interactivity.request_url") == []


def test_every_event_has_the_scope_it_needs():
    needs = {
        "app_home_opened": set(),
        "member_joined_channel": {"groups:read"},
        "member_left_channel": {"groups:read"},
        "message.groups": {"groups:history"},
        "reaction_added": {"reactions:read"},
        "reaction_removed": {"reactions:read"},
        "user_change": {"users:read"},
    }
    scopes = set(at("oauth_config.scopes.bot"))

    events = at("settings.event_subscriptions.bot_events")

    assert {event: needs[event] - scopes for event in events if needs[event] - scopes} == {}
