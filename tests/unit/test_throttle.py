"""The pace: never too fast, never slower than need be, and always ready to stop."""

import itertools
import random
import threading
from collections.abc import Callable

import pytest

from discotui.discogs.throttle import PACE, TOO_FAST, Throttle
from discotui.errors import Interrupted
from tests.virtual import VirtualClock


def on(clock: VirtualClock, limit: int = 60, on_wait: Callable[[float, str], None] | None = None) -> Throttle:
    return Throttle(limit, clock=clock, wait=clock.wait, on_wait=on_wait)


def take(throttle: Throttle, times: int = 1, *, background: bool = False) -> None:
    for _ in range(times):
        with throttle.turn(background):
            pass


def most_in_a_minute(moments: list[float]) -> int:
    return max(sum(start <= moment < start + 60 for moment in moments) for start in moments)


@pytest.mark.parametrize(("limit", "allowed"), [(60, 54), (25, 22), (1, 1), (240, 216)])
def test_a_burst_of_nine_tenths_of_the_limit_waits_for_nothing(limit: int, allowed: int) -> None:
    clock = VirtualClock()
    throttle = on(clock, limit)
    take(throttle, allowed)
    assert clock.waited == []
    assert throttle.left == 0
    take(throttle)
    assert clock.waited == [60]


@pytest.mark.parametrize("seed", range(20))
def test_no_pattern_of_arrival_gets_more_than_54_requests_into_any_minute(seed: int) -> None:
    chance = random.Random(seed)
    clock = VirtualClock()
    throttle = on(clock)
    starts, ends = [], []
    for _ in range(400):
        clock.now += chance.choice([0, 0, 0, chance.expovariate(1), chance.uniform(0, 70)])
        with throttle.turn(background=chance.random() < 0.5):
            starts.append(clock.now)
            clock.now += chance.choice([0, 0.05, chance.uniform(0, 3), chance.uniform(0, 31)])
            ends.append(clock.now)
    assert most_in_a_minute(starts) <= 54
    assert most_in_a_minute(ends) <= 54


def test_a_steady_stream_reaches_54_requests_a_minute() -> None:
    clock = VirtualClock()
    begun = clock.now
    take(on(clock), 541)
    assert clock.now - begun == 600


def test_a_request_holds_its_place_until_a_minute_after_its_answer() -> None:
    clock = VirtualClock()
    throttle = on(clock, 1)
    with throttle.turn():
        clock.now += 25
    take(throttle)
    assert clock.waited == [60]


def test_a_request_that_failed_counts_as_well() -> None:
    throttle = on(VirtualClock())
    with pytest.raises(OSError, match="reset"), throttle.turn():
        raise OSError("reset")
    assert throttle.left == 53


def test_places_come_back_one_by_one() -> None:
    clock = VirtualClock()
    throttle = on(clock)
    take(throttle, 10)
    clock.now += 30
    take(throttle, 5)
    assert throttle.left == 39
    clock.now += 30
    assert throttle.left == 49


def test_a_lower_limit_told_by_the_server_holds_from_the_next_request() -> None:
    clock = VirtualClock()
    throttle = on(clock)
    take(throttle, 21)
    with throttle.turn():
        throttle.seen(25, 22, 3)
    assert throttle.left == 0
    take(throttle)
    assert clock.waited == [60]


def test_a_higher_limit_told_by_the_server_is_used() -> None:
    throttle = on(VirtualClock(), 25)
    with throttle.turn():
        throttle.seen(60, 1, 59)
    assert throttle.left == 53


def test_answers_without_limits_change_nothing() -> None:
    throttle = on(VirtualClock())
    with throttle.turn():
        throttle.seen(None, None, None)
        throttle.seen(0, None, None)
    assert throttle.left == 53


def test_a_limit_beyond_all_reason_is_not_believed_and_costs_no_memory() -> None:
    throttle = on(VirtualClock())
    with throttle.turn():
        throttle.seen(999_999_999, 999_999_999, 0)
    assert throttle.left == 53


def test_what_another_program_used_is_kept_off_the_budget_for_a_minute() -> None:
    clock = VirtualClock()
    throttle = on(clock)
    with throttle.turn():
        throttle.seen(60, 31, 29)
    assert throttle.left == 23
    take(throttle, 23)
    assert clock.waited == []
    clock.now += 59
    assert throttle.left == 0
    clock.now += 1
    assert throttle.left == 54


def test_foreign_use_is_learnt_from_what_remains_when_that_is_all_there_is() -> None:
    throttle = on(VirtualClock())
    with throttle.turn():
        throttle.seen(60, None, 39)
    assert throttle.left == 54 - 21


def test_the_same_foreign_use_is_not_counted_twice() -> None:
    throttle = on(VirtualClock())
    for number in range(1, 6):
        with throttle.turn():
            throttle.seen(60, 10 + number, 50 - number)
    assert throttle.left == 54 - 10 - 5


def test_a_count_beyond_the_limit_blocks_no_longer_than_a_minute() -> None:
    clock = VirtualClock()
    throttle = on(clock)
    with throttle.turn():
        throttle.seen(60, 999_999_999, 0)
    take(throttle)
    assert clock.waited == [60]


@pytest.mark.parametrize("seed", range(10))
def test_beside_another_program_our_requests_stay_within_the_servers_limit(seed: int) -> None:
    chance = random.Random(seed)
    clock = VirtualClock()
    throttle = on(clock)
    arrivals: list[float] = []
    for _ in range(300):
        clock.now += chance.expovariate(2)
        arrivals.extend([clock.now] * chance.choice([0, 0, 0, 0, 0, chance.randint(1, 4)]))
        with throttle.turn():
            arrivals.append(clock.now)
            used = sum(moment + 60 > clock.now for moment in arrivals)
            assert used <= 60
            throttle.seen(60, used, 60 - used)


def test_background_work_leaves_two_places_to_the_person() -> None:
    clock = VirtualClock()
    throttle = on(clock)
    take(throttle, 52, background=True)
    assert clock.waited == []
    take(throttle, 2)
    assert clock.waited == []
    take(throttle, background=True)
    assert sum(clock.waited) == 60


def test_the_person_overtakes_background_work_that_waits() -> None:
    clock = VirtualClock()
    order: list[str] = []
    calls = itertools.count()

    def person() -> None:
        with throttle.turn():
            order.append("person")

    def wait(event: threading.Event, seconds: float) -> None:
        if next(calls) == 0:
            thread = threading.Thread(target=person, daemon=True)
            thread.start()
            thread.join(10)
        clock.wait(event, seconds)

    throttle = Throttle(60, clock=clock, wait=wait)
    take(throttle, 52)
    with throttle.turn(background=True):
        order.append("background")
    assert order == ["person", "background"]


def test_there_is_one_request_at_a_time() -> None:
    throttle = Throttle(1000)
    inside: list[int] = []
    together: list[int] = []
    gate = threading.Barrier(8)

    def work() -> None:
        gate.wait()
        for _ in range(20):
            with throttle.turn():
                inside.append(1)
                together.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert together == [1] * 160
    assert throttle.left == 900 - 160


def test_a_hold_keeps_everybody_waiting_and_says_why() -> None:
    clock = VirtualClock()
    told: list[tuple[float, str]] = []
    throttle = on(clock, on_wait=lambda seconds, reason: told.append((seconds, reason)))
    throttle.hold(20)
    throttle.hold(5)
    assert throttle.left == 0
    take(throttle)
    assert clock.waited == [20]
    assert told == [(20, TOO_FAST)]
    assert throttle.left == 53


def test_a_wait_for_the_pace_is_told_once_and_only_when_it_is_long() -> None:
    clock = VirtualClock()
    told: list[tuple[float, str]] = []
    throttle = on(clock, 1, on_wait=lambda seconds, reason: told.append((seconds, reason)))
    take(throttle)
    clock.now += 59.6
    take(throttle)
    assert told == []
    take(throttle)
    assert told == [(60, PACE)]


def test_the_end_of_a_wait_can_be_counted_down() -> None:
    clock = VirtualClock()
    seen: list[float | None] = []

    def wait(event: threading.Event, seconds: float) -> None:
        seen.append(throttle.waiting_until)
        clock.wait(event, seconds)

    throttle = Throttle(60, clock=clock, wait=wait)
    throttle.hold(10)
    take(throttle)
    assert seen == [1010]
    assert throttle.waiting_until is None


def test_stopping_ends_a_wait_and_lets_nobody_in_afterwards() -> None:
    # Waits on the real clock: the 100 seconds would be felt if stopping did not end them.
    throttle = Throttle(60, on_wait=lambda _seconds, _reason: throttle.stop())
    throttle.hold(100)
    with pytest.raises(Interrupted):
        take(throttle)
    with pytest.raises(Interrupted):
        take(throttle, background=True)
    assert throttle.waiting_until is None


def test_stopping_ends_the_wait_for_somebody_elses_request() -> None:
    throttle = Throttle(60)
    outcome: list[str] = []

    def work() -> None:
        try:
            take(throttle)
        except Interrupted:
            outcome.append("interrupted")

    with throttle.turn():
        thread = threading.Thread(target=work)
        thread.start()
        throttle.stop()
        thread.join(30)
    assert outcome == ["interrupted"]


def test_an_interruption_of_the_program_while_waiting_leaves_the_way_free_for_others() -> None:
    clock = VirtualClock()
    pressed = [True]

    def wait(event: threading.Event, seconds: float) -> None:
        clock.wait(event, seconds)
        if pressed:
            pressed.clear()
            raise KeyboardInterrupt

    throttle = Throttle(1, clock=clock, wait=wait)
    take(throttle)
    with pytest.raises(KeyboardInterrupt):
        take(throttle)
    take(throttle)
    assert throttle.left == 0


# --- the places -------------------------------------------------------------------------------------------


def test_the_places_of_the_window_tell_when_each_is_free() -> None:
    clock = VirtualClock()
    throttle = on(clock, 5)
    take(throttle)
    clock.now += 10
    take(throttle, 2)
    assert throttle.places() == [0, 50, 60, 60]
    clock.now += 50
    assert throttle.places() == [0, 0, 10, 10]


def test_a_place_is_free_no_sooner_than_the_server_lets_us_go_on() -> None:
    throttle = on(VirtualClock(), 3)
    take(throttle)
    throttle.hold(30)
    assert throttle.places() == [30, 60]


def test_what_others_took_beyond_our_share_frees_no_place() -> None:
    clock = VirtualClock()
    throttle = on(clock, 10)
    with throttle.turn():
        throttle.seen(10, 6, None)
    clock.now += 5
    with throttle.turn():
        throttle.seen(10, 10, None)
        assert throttle.places() == [55] * 5 + [60] * 4


@pytest.mark.parametrize("seed", range(10))
def test_requests_go_when_the_places_said(seed: int) -> None:
    chance = random.Random(seed)
    clock = VirtualClock()
    throttle = on(clock, chance.choice([1, 7, 60]))
    for _ in range(chance.randrange(100)):
        clock.now += chance.choice([0, chance.uniform(0, 5)])
        take(throttle)
    begun, places = clock.now, throttle.places()
    went = []
    for _ in places:
        take(throttle)
        went.append(clock.now - begun)
    assert went == pytest.approx(places)
