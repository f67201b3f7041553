"""Changing a collection by keys: what is shown, what is asked, and what the server has in the end."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.widgets import Button, Input, OptionList, Select, TextArea

from discotui.start import Start
from discotui.ui.app import DiscotuiApp
from discotui.ui.command import Place
from discotui.ui.commands import COMMANDS
from discotui.ui.screens.add import AddDialog
from discotui.ui.screens.dialogs import Name, Pick, Question
from discotui.ui.screens.main import MainScreen
from discotui.ui.widgets.release_table import ReleaseTable
from tests.demo_data import EMPTY, JAZZ, MEDIA, NOTES, ODD, SHELF
from tests.ui.driving import (
    NARROW,
    WIDE,
    TypedPilot,
    WiredStart,
    all_said,
    app_of,
    back_on_main,
    current,
    demo_app,
    dialog,
    drawn,
    go_to,
    go_to_area,
    go_to_folder,
    main,
    news,
    open_folder,
    open_form,
    pane,
    picture,
    press,
    screen_text,
    settled,
    static_text,
    table,
    titles,
    toasts,
    type_text,
    until,
    writes,
)

pytestmark = pytest.mark.anyio

JOURNEY = "Journey In Satchidananda"
FIRST, SECOND = 500_001, 500_002


async def form_closed(pilot: TypedPilot, app: DiscotuiApp) -> None:
    """Wait until the form is gone and the table has the focus."""
    await until(pilot, lambda: not pane(app).is_editing and app.focused is table(app), "back in the table")


# --- rating -------------------------------------------------------------------------------------------------


async def test_each_digit_rates_the_release_and_all_its_copies() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to(pilot, JOURNEY, copy=1)
        for rating in (0, 1, 2, 3, 4, 5):
            await press(pilot, str(rating))
            assert [item.rating for item in table(app).items if item.title == JOURNEY] == [rating, rating]
            await settled(pilot)
            assert server.state.rating(1001) == rating
            assert current(app).instance_id == SECOND
        assert news(app) == "rated ★★★★★: Alice Coltrane – Journey In Satchidananda · u undoes it"
        assert [entry.body for entry in writes(server.log)] == [{"rating": rating} for rating in range(6)]


async def test_the_same_rating_again_asks_nothing_of_discogs() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "5")
        assert "it is like that already" in news(app)
        assert not writes(server.log)


async def test_a_waiting_edit_is_marked_until_discogs_has_it(own_start: WiredStart) -> None:
    assert own_start.wire is not None
    async with demo_app(size=WIDE, start=own_start) as (app, pilot, server):
        own_start.wire.is_cut = True
        await go_to(pilot, "Meeting")
        await press(pilot, "4")
        await until(pilot, lambda: "1 change waiting ↑" in all_said(app))
        row = next(line for line in screen_text(pilot).splitlines() if "Artist 0" in line and "★★★★·" in line)
        assert "↑" in row
        assert "waits to be sent to Discogs" in screen_text(pilot)
        own_start.wire.is_cut = False
        await settled(pilot)
        assert "↑" not in screen_text(pilot)
        assert server.state.rating(1005) == 4


# --- moving -------------------------------------------------------------------------------------------------


async def test_m_moves_to_the_folder_that_is_found_by_typing() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await press(pilot, "m")
        await dialog(pilot, Pick)
        offered = [str(option.prompt) for option in app.screen.query_one(OptionList).options]
        assert offered == ["Uncategorized  1", "Empty  0", "奇 Odd  3"]  # neither All nor where it is
        await type_text(pilot, "mpt")
        await press(pilot, "enter")
        await settled(pilot)
        assert server.state.instances[500_006].folder_id == EMPTY
        assert news(app).startswith("moved to Empty: Artist 0, Artist 1, ")
        assert news(app).endswith("… · u undoes it")
        assert current(app).title == "Meeting"
        assert [(e.method, e.body) for e in writes(server.log)] == [("POST", {"folder_id": EMPTY})]


async def test_a_move_out_of_the_folder_that_is_shown_leaves_the_cursor_on_a_neighbour() -> None:
    async with demo_app() as (app, pilot, server):
        await open_folder(pilot, "奇 Odd")
        assert titles(app) == [JOURNEY, "浮世", "[untitled]"]
        await press(pilot, "j", "m")
        await dialog(pilot, Pick)
        await press(pilot, "down", "enter")
        await settled(pilot)
        assert titles(app) == [JOURNEY, "[untitled]"]
        assert current(app).title == "[untitled]"
        assert server.state.instances[500_005].folder_id == EMPTY


async def test_the_move_dialog_is_left_by_esc_and_an_unknown_name_moves_nothing() -> None:
    async with demo_app() as (_app, pilot, server):
        await press(pilot, "m")
        await type_text(pilot, "nowhere")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, Pick)
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert not writes(server.log)


# --- the form -----------------------------------------------------------------------------------------------


async def test_the_form_saves_choices_and_texts_with_ctrl_s() -> None:
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        await press(pilot, "enter", "down", "enter")
        area = await go_to_area(pilot, NOTES)
        assert area.text == "first\nsecond [b]line[/b]"
        assert area.size.height == 3
        await type_text(pilot, "0\nq d")
        await go_to_area(pilot, SHELF)
        await type_text(pilot, "A1")
        await press(pilot, "ctrl+s")
        await form_closed(pilot, app)
        await settled(pilot)
        assert server.state.instances[FIRST].notes == {
            MEDIA: "Near Mint (NM or M-)",
            NOTES: "first\nsecond [b]line[/b]0\nq d",
            SHELF: "A1",
        }
        assert len(writes(server.log)) == 3
        assert news(app) == "saved the notes of Alice Coltrane – Journey In Satchidananda · u undoes it"
        assert current(app).instance_id == FIRST


async def test_letters_typed_in_the_form_are_never_commands() -> None:
    every_key = [
        key
        for command in COMMANDS.values()
        for key in command.keys
        if (command.place is not Place.FORM and len(key) == 1) or key in ("question_mark", "delete")
    ]
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        before = picture(server.state)
        await press(pilot, *every_key)
        assert isinstance(app.screen, MainScreen)
        assert pane(app).is_editing
        assert picture(server.state) == before
        typed = "".join("?" if key == "question_mark" else key for key in every_key if key != "delete")
        assert pane(app).typed() == {SHELF: typed}
        assert current(app).instance_id == FIRST
        assert table(app).cursor == 0
        assert not writes(server.log)


async def test_esc_leaves_an_untouched_form_without_a_question() -> None:
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        await press(pilot, "escape")
        await form_closed(pilot, app)
        assert not writes(server.log)


async def test_esc_asks_when_something_was_typed_and_no_keeps_it() -> None:
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        area = await go_to_area(pilot, SHELF)
        await type_text(pilot, "A1")
        for answer in ("n", "enter", "escape"):
            await press(pilot, "escape")
            await dialog(pilot, Question)
            await press(pilot, answer)
            await back_on_main(pilot)
            assert pane(app).is_editing
            assert area.text == "A1"
        await press(pilot, "escape")
        await dialog(pilot, Question)
        await press(pilot, "y")
        await form_closed(pilot, app)
        assert not writes(server.log)
        await open_form(pilot)
        assert pane(app).query_one(f"#field-{SHELF}", TextArea).text == ""


async def test_ctrl_s_with_nothing_changed_sends_nothing() -> None:
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        await press(pilot, "ctrl+s")
        await form_closed(pilot, app)
        assert news(app) == "nothing was changed"
        assert not writes(server.log)


async def test_esc_in_an_open_choice_closes_the_choice_only() -> None:
    async with demo_app() as (app, pilot, _):
        await open_form(pilot)
        await press(pilot, "enter", "down")
        await press(pilot, "escape")
        assert pane(app).is_editing
        assert not pane(app).typed()
        assert isinstance(app.screen, MainScreen)


async def test_a_choice_can_be_cleared_and_saved_with_the_button() -> None:
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        await press(pilot, "enter", "home", "enter")
        assert pane(app).typed() == {MEDIA: ""}
        while not isinstance(app.focused, Button):
            await press(pilot, "tab")
        await press(pilot, "enter")
        await form_closed(pilot, app)
        await settled(pilot)
        assert MEDIA not in server.state.instances[FIRST].notes


async def test_the_form_names_artist_and_title_and_the_key_bar_its_keys() -> None:
    async with demo_app() as (app, pilot, _):
        await go_to(pilot, JOURNEY)
        await open_form(pilot)
        assert static_text(app, "#form-name") == "Alice Coltrane – Journey In Satchidananda"
        assert "ctrl+s Save  esc Leave  tab Next" in screen_text(pilot)
        first = app.focused
        await press(pilot, "tab")
        assert app.focused is not first
        await press(pilot, "shift+tab")
        assert app.focused is first


async def test_the_form_works_in_a_small_window() -> None:
    async with demo_app(size=NARROW) as (app, pilot, server):
        await go_to(pilot, "Meeting")
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await type_text(pilot, "C3")
        assert "C3" in screen_text(pilot)
        await press(pilot, "ctrl+s")
        await form_closed(pilot, app)
        await settled(pilot)
        assert server.state.instances[500_006].notes == {SHELF: "C3"}


async def test_nothing_that_is_chosen_by_name_or_mouse_loses_what_is_being_typed() -> None:
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await type_text(pilot, "keep me")
        await press(pilot, "ctrl+p")
        await dialog(pilot, CommandPalette)
        options = app.screen.query_one(OptionList)
        await until(pilot, lambda: options.option_count >= 2)
        offered = [str(option.prompt).partition("\n")[0] for option in options.options]
        assert {"Save (ctrl+s)", "Leave (esc)"} <= set(offered)
        assert not [name for name in offered if name.startswith(("Edit", "Move", "Folder", "Sort", "Quit"))]
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert pane(app).typed() == {SHELF: "keep me"}
        await pilot.click(ReleaseTable, offset=(10, 4))
        await drawn(pilot)
        assert pane(app).typed() == {SHELF: "keep me"}
        await press(pilot, "3", "d")
        assert isinstance(app.screen, MainScreen)
        assert not writes(server.log)
        # What is saved in the end goes to the item that the form was opened on, not to the one clicked.
        await press(pilot, "ctrl+s")
        await form_closed(pilot, app)
        await settled(pilot)
        assert server.state.instances[FIRST].notes[SHELF] == "keep me"


async def test_an_open_form_keeps_its_text_through_a_reading() -> None:
    async with demo_app() as (app, pilot, server):
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await type_text(pilot, "mine")
        server.state.set_note(FIRST, NOTES, "written elsewhere")
        server.state.rate(1005, 2)
        assert app.session is not None
        assert app.session.engine is not None
        app.session.engine.read_again()
        await until(pilot, lambda: next(i.rating for i in table(app).items if i.title == "Meeting") == 2)
        assert pane(app).typed() == {SHELF: "mine"}
        await press(pilot, "ctrl+s")
        await settled(pilot)
        assert server.state.instances[FIRST].notes[SHELF] == "mine"
        assert server.state.instances[FIRST].notes[NOTES] == "written elsewhere"


# --- removing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_removing_asks_and_only_y_removes(key: str) -> None:
    async with demo_app() as (app, pilot, server):
        for answer in ("n", "enter", "escape"):
            await press(pilot, key)
            await dialog(pilot, Question)
            assert "Alice Coltrane – Journey In Satchidananda" in static_text(app, ".text")
            await press(pilot, answer)
            await back_on_main(pilot)
            assert len(titles(app)) == 6
        await press(pilot, key)
        assert "You have 2 copies; only this one goes." in static_text(app, ".text")
        assert "After 10 seconds Discogs is told; then u adds it again, with a new date." in static_text(app, ".text")
        await press(pilot, "y")
        await back_on_main(pilot)
        await until(pilot, lambda: len(titles(app)) == 5)
        await settled(pilot)
        assert FIRST not in server.state.instances
        assert SECOND in server.state.instances
        assert current(app).instance_id == SECOND
        assert [entry.method for entry in writes(server.log)] == ["DELETE"]


# --- adding -------------------------------------------------------------------------------------------------


async def look_up(pilot: TypedPilot, text: str, answer: str) -> None:
    """Type into the dialog for adding, press enter, and wait for what it says."""
    pilot.app.screen.query_one(Input).value = ""
    await type_text(pilot, text)
    await press(pilot, "enter")
    await until(pilot, lambda: answer in static_text(app_of(pilot), "#found"), answer)


async def test_in_the_demo_numbers_are_offered_that_it_knows_and_it_is_the_demo_that_does_not_know_others(
    demo_start: Start,
) -> None:
    async with demo_app(start=demo_start) as (app, pilot, _):
        await press(pilot, "a")
        await dialog(pilot, AddDialog)
        assert app.screen.query_one(Input).placeholder == "in the demo: 1006"
        await look_up(pilot, "249504", "The demo knows no release 249504: it has some of its own, such as 1006.")
        await look_up(pilot, "1006", "Miles Davis – Kind Of Blue")


@pytest.mark.parametrize(
    "text",
    ["1006", "r1006", "[r1006]", "https://www.discogs.com/release/1006-Miles-Davis", "discogs.com/de/release/1006"],
)
async def test_a_release_is_added_by_number_or_address(text: str) -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "a")
        await dialog(pilot, AddDialog)
        await look_up(pilot, text, "Miles Davis – Kind Of Blue\nColumbia · CS 8163 · Vinyl · 1959")
        await press(pilot, "enter")
        await back_on_main(pilot)
        await until(pilot, lambda: "Kind Of Blue" in titles(app))
        await settled(pilot)
        (copy,) = server.state.instances_of(1006)
        assert copy.folder_id == 1
        assert copy.instance_id in {item.instance_id for item in table(app).items}


async def test_a_release_goes_to_the_folder_that_is_shown_or_chosen() -> None:
    async with demo_app() as (app, pilot, server):
        await open_folder(pilot, "Empty")
        await press(pilot, "a")
        await look_up(pilot, "1006", "Kind Of Blue")
        await press(pilot, "enter")
        await settled(pilot)
        assert titles(app) == ["Kind Of Blue"]
        await press(pilot, "a")
        await look_up(pilot, "1006", "You have 1 copy of it already")
        await press(pilot, "tab", "enter", "down", "enter", "ctrl+s")
        await back_on_main(pilot)
        await settled(pilot)
        assert sorted(copy.folder_id for copy in server.state.instances_of(1006)) == [JAZZ, EMPTY]


async def test_what_is_no_release_is_told_and_the_dialog_stays() -> None:
    async with demo_app() as (_app, pilot, server):
        await press(pilot, "a")
        await dialog(pilot, AddDialog)
        for text, answer in [
            ("", "no release number"),
            ("kind of blue", "no release number"),
            ("0", "no release number"),
            ("9999999999999999", "no release number"),
            ("https://www.discogs.com/master/5460", "another kind of page"),
            ("99999", "Discogs knows no release 99999"),
        ]:
            await look_up(pilot, text, answer)
            await press(pilot, "ctrl+s")
            assert isinstance(pilot.app.screen, AddDialog)
        await press(pilot, "escape")
        await back_on_main(pilot)
        assert not writes(server.log)


async def test_without_a_network_a_release_is_added_unseen_and_named_later(own_start: WiredStart) -> None:
    assert own_start.wire is not None
    async with demo_app(start=own_start) as (app, pilot, server):
        own_start.wire.is_cut = True
        await press(pilot, "a")
        await look_up(pilot, "1006", "Enter adds release 1006 unseen")
        await press(pilot, "enter")
        await until(pilot, lambda: "Release 1006" in titles(app))
        item = await go_to(pilot, "Release 1006")
        assert item.instance_id < 0
        own_start.wire.is_cut = False
        await settled(pilot)
        assert current(app).release_id == 1006
        assert current(app).instance_id == server.state.instances_of(1006)[0].instance_id
        await press(pilot, "r")
        await until(pilot, lambda: "Kind Of Blue" in titles(app))
        assert current(app).title == "Kind Of Blue"


async def test_the_form_of_an_added_item_saves_after_it_got_its_real_number(own_start: WiredStart) -> None:
    assert own_start.wire is not None
    async with demo_app(start=own_start) as (app, pilot, server):
        own_start.wire.is_cut = True
        await press(pilot, "a")
        await look_up(pilot, "1006", "unseen")
        await press(pilot, "enter")
        await until(pilot, lambda: "Release 1006" in titles(app))
        await go_to(pilot, "Release 1006")
        await press(pilot, "5")
        await open_form(pilot)
        await go_to_area(pilot, SHELF)
        await type_text(pilot, "new")
        own_start.wire.is_cut = False
        await settled(pilot)
        assert pane(app).typed() == {SHELF: "new"}
        await press(pilot, "ctrl+s")
        await form_closed(pilot, app)
        await settled(pilot)
        (copy,) = server.state.instances_of(1006)
        assert copy.notes == {SHELF: "new"}
        assert server.state.rating(1006) == 5
        assert current(app).instance_id == copy.instance_id


# --- folders ------------------------------------------------------------------------------------------------


async def test_folders_are_made_renamed_and_deleted() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "n")
        await dialog(pilot, Name)
        await press(pilot, "enter")
        assert "A name is needed" in screen_text(pilot)
        await type_text(pilot, "Dub 7s")
        await press(pilot, "enter")
        await settled(pilot)
        assert "Dub 7s" in server.state.folder_names.values()
        await go_to_folder(pilot, "Dub 7s")
        await press(pilot, "e")
        await dialog(pilot, Name)
        await type_text(pilot, "Dub")
        await press(pilot, "enter")
        await settled(pilot)
        assert {"Dub"} == set(server.state.folder_names.values()) - {
            "All",
            "Uncategorized",
            "Jazz [LP]",
            "奇 Odd",
            "Empty",
        }
        folder = main(app).folder_under_cursor
        assert folder is not None
        assert folder.name == "Dub"
        for answer in ("n", "enter", "escape"):
            await press(pilot, "d")
            await dialog(pilot, Question)
            await press(pilot, answer)
            await back_on_main(pilot)
        await press(pilot, "delete")
        await dialog(pilot, Question)
        await press(pilot, "y")
        await settled(pilot)
        assert "Dub" not in server.state.folder_names.values()
        assert [entry.method for entry in writes(server.log)] == ["POST", "POST", "DELETE"]


async def test_deleting_the_folder_that_is_shown_goes_back_to_all() -> None:
    async with demo_app() as (app, pilot, server):
        await open_folder(pilot, "Empty")
        await go_to_folder(pilot, "Empty")
        await press(pilot, "d", "y")
        await settled(pilot)
        assert len(titles(app)) == 6
        assert EMPTY not in server.state.folder_names


@pytest.mark.parametrize(("name", "reason"), [("All", "fixed folders"), ("Uncategorized", "fixed folders")])
async def test_the_fixed_folders_stay_and_the_reason_is_told(name: str, reason: str) -> None:
    async with demo_app() as (app, pilot, server):
        await go_to_folder(pilot, name)
        for key in ("e", "d"):
            app.clear_notifications()
            await press(pilot, key)
            assert isinstance(app.screen, MainScreen)
            assert any(reason in text and name in text for text in toasts(app))
        assert not writes(server.log)


@pytest.mark.parametrize("key", ["e", "d"])
async def test_on_a_heading_nothing_is_renamed_or_deleted_and_that_is_said(key: str) -> None:
    async with demo_app() as (app, pilot, _):
        await go_to_folder(pilot, "All")
        await press(pilot, "k", key)
        assert app.screen is main(app)
        assert "this is a heading" in news(app)


async def test_a_folder_that_holds_something_stays_and_the_reason_is_told() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to_folder(pilot, "Jazz [LP]")
        await press(pilot, "d")
        assert isinstance(app.screen, MainScreen)
        assert any("“Jazz [LP]” holds 2 items" in text for text in toasts(app))
        assert not writes(server.log)


async def test_a_folder_name_that_is_taken_is_refused_before_it_is_sent() -> None:
    async with demo_app() as (app, pilot, server):
        await press(pilot, "n")
        await type_text(pilot, "EMPTY")
        await press(pilot, "enter")
        assert isinstance(app.screen, Name), "what was typed stays, to be changed"
        assert "There is a folder “Empty” already" in screen_text(pilot)
        await type_text(pilot, "!")
        await press(pilot, "enter")
        await back_on_main(pilot)
        await settled(pilot)
        assert [entry.body for entry in writes(server.log)] == [{"name": "EMPTY!"}]


# --- undo ---------------------------------------------------------------------------------------------------

EDITS: dict[str, tuple[str, list[str]]] = {
    "rate": ("Meeting", ["4"]),
    "clear a rating": (JOURNEY, ["0"]),
    "move": ("Meeting", ["m", "e", "m", "p", "enter"]),
    "notes": (JOURNEY, ["e", "enter", "down", "enter", "tab", "tab", "h", "i", "ctrl+s"]),
    "remove": (JOURNEY, ["d", "y"]),
    "add": (JOURNEY, ["a", "1", "0", "0", "6", "enter", "wait", "enter"]),
    "new folder": (JOURNEY, ["n", "D", "u", "b", "enter"]),
    "rename folder": ("folder Empty", ["e", "X", "enter"]),
    "delete folder": ("folder Empty", ["d", "y"]),
}


async def carry_out(pilot: TypedPilot, name: str) -> None:
    """Do one of the edits."""
    where, keys = EDITS[name]
    if where.startswith("folder "):
        await go_to_folder(pilot, where.removeprefix("folder "))
    else:
        await go_to(pilot, where)
    for key in keys:
        if key == "wait":
            await until(pilot, lambda: not pilot.app.screen.query_one("#add", Button).disabled)
        else:
            await press(pilot, key)
        if key == "e" and not where.startswith("folder "):
            await until(pilot, lambda: isinstance(pilot.app.focused, (Select, Input)))
    await back_on_main(pilot)


@pytest.mark.parametrize("name", EDITS)
async def test_every_edit_is_undone_and_done_again_after_it_was_sent(name: str) -> None:
    async with demo_app() as (app, pilot, server):
        before = picture(server.state)
        await carry_out(pilot, name)
        await settled(pilot)
        after = picture(server.state)
        assert after != before
        await press(pilot, "escape", "u")
        await settled(pilot)
        assert news(app).startswith("undone: ")
        assert picture(server.state) == before
        await press(pilot, "U")
        await settled(pilot)
        assert news(app).startswith("done again: ")
        assert picture(server.state) == after
        await press(pilot, "U")
        assert news(app) == "nothing to do again"


@pytest.mark.parametrize("name", [name for name in EDITS if name != "add"])
async def test_an_edit_that_was_not_sent_is_undone_without_a_request(
    monkeypatch: pytest.MonkeyPatch, own_start: WiredStart, name: str
) -> None:
    assert own_start.wire is not None
    async with demo_app(start=own_start) as (app, pilot, server):
        # What is on its way in this very moment could not simply be dropped.
        monkeypatch.setattr("discotui.sync.engine.SECONDS_BETWEEN_TRIES", (1000.0,))
        own_start.wire.is_cut = True
        asked = len(server.log)
        await carry_out(pilot, name)
        await until(pilot, lambda: "offline" in all_said(app))
        await press(pilot, "escape", "u")
        assert news(app).startswith("undone: ")
        assert app.session is not None
        assert app.session.library.waiting_count() == 0
        await press(pilot, "u")
        assert news(app) == "nothing to undo"
        own_start.wire.is_cut = False
        await settled(pilot)
        assert len(titles(app)) == 6
        assert not writes(server.log[asked:])


async def test_edits_are_undone_in_the_order_in_which_they_were_made() -> None:
    async with demo_app() as (app, pilot, server):
        pictures = [picture(server.state)]
        for name in ("rate", "move", "new folder"):
            await carry_out(pilot, name)
            await settled(pilot)
            pictures.append(picture(server.state))
        for expected in reversed(pictures[:-1]):
            await press(pilot, "u")
            await settled(pilot)
            assert picture(server.state) == expected
        await press(pilot, "u")
        assert news(app) == "nothing to undo"


# --- reading only -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["read-only", "public", "demo read-only"])
async def test_a_collection_for_reading_only_refuses_every_change_with_words(
    kind: str, own_start: WiredStart, public_start: WiredStart, demo_start: Start
) -> None:
    from dataclasses import replace  # noqa: PLC0415

    starts: dict[str, Start] = {
        "read-only": replace(own_start, read_only=True),
        "public": public_start,
        "demo read-only": replace(demo_start, read_only=True),
    }
    start = starts[kind]
    async with demo_app(start=start) as (app, pilot, _):
        server = start.server if isinstance(start, WiredStart) else start.demo
        assert server is not None
        before = picture(server.state)
        for place, pane_keys in [(Place.MAIN, ["escape"]), (Place.FOLDERS, ["escape", "shift+tab"])]:
            await press(pilot, *pane_keys)
            for command in COMMANDS.values():
                if command.changes and command.place is place:
                    for key in command.keys:
                        main(app).say("")
                        await press(pilot, key)
                        assert isinstance(app.screen, MainScreen), key
                        assert news(app) == "This collection is open for reading only.", key
        assert not pane(app).is_editing
        assert not writes(server.log)
        assert picture(server.state) == before


async def test_what_changes_nothing_works_in_a_collection_for_reading_only(public_start: WiredStart) -> None:
    async with demo_app(start=public_start) as (app, pilot, _):
        await press(pilot, "j", "s")
        await dialog(pilot, Pick)
        await press(pilot, "escape", "x", "z", "escape", "r")
        await settled(pilot)
        assert len(titles(app)) == 6
        assert "crate.digger's collection" in screen_text(pilot)


# --- the cursor ---------------------------------------------------------------------------------------------


async def test_the_cursor_stays_on_its_item_while_edits_change_the_order() -> None:
    async with demo_app() as (app, pilot, server):
        main(app).sort_by("rating")
        await go_to(pilot, "浮世")
        for key in ("5", "0", "4"):
            await press(pilot, key)
            assert current(app).title == "浮世"
            await settled(pilot)
            assert current(app).title == "浮世"
        assert server.state.rating(1004) == 4


async def test_the_cursor_stays_on_its_item_through_a_reading_that_brings_and_takes_others() -> None:
    async with demo_app() as (app, pilot, server):
        await go_to(pilot, "浮世")
        server.state.remove(FIRST)
        server.state.add(ODD, 1006)
        server.state.move(500_005, JAZZ)
        await press(pilot, "r")
        await until(pilot, lambda: "Kind Of Blue" in titles(app) and len(titles(app)) == 6)
        assert current(app).title == "浮世"
        assert current(app).folder_id == JAZZ
        server.state.remove(500_005)
        await press(pilot, "r")
        await until(pilot, lambda: "浮世" not in titles(app))
        assert current(app).title == "أم كلثوم"
        assert "1 item no longer at Discogs" in news(app)


async def test_the_cursor_stays_on_an_added_item_that_gets_its_real_number(own_start: WiredStart) -> None:
    assert own_start.wire is not None
    async with demo_app(start=own_start) as (app, pilot, server):
        await press(pilot, "a")
        await look_up(pilot, "1006", "Kind Of Blue")
        own_start.wire.is_cut = True
        await press(pilot, "enter")
        await until(pilot, lambda: "Kind Of Blue" in titles(app))
        item = await go_to(pilot, "Kind Of Blue")
        assert item.instance_id < 0
        own_start.wire.is_cut = False
        await settled(pilot)
        assert current(app).title == "Kind Of Blue"
        assert current(app).instance_id == server.state.instances_of(1006)[0].instance_id
