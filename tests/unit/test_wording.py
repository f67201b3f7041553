"""The words for people."""

from __future__ import annotations

from discotui.library.items import Field
from discotui.library.sorting import Order
from discotui.ui.wording import order_of


def test_an_order_names_its_keys_and_their_directions() -> None:
    fields = [Field(3, "[Shelf]\x1b[31m"), Field(4, "Media Condition")]
    assert order_of(Order(), fields) == "artist ▲"
    assert order_of(Order().chosen("catno").chosen("added"), fields) == "date added ▼, catalogue number ▲, artist ▲"
    assert order_of(Order().chosen("note:4").chosen("note:3"), fields) == "[Shelf][31m ▲, Media Condition ▲, artist ▲"
    assert order_of(Order.from_text("-note:9"), fields) == "a former field ▼"
