"""Tries from one network are counted loosely: a hall of members comes in, and one machine does not go on for ever."""

from datetime import timedelta

import pytest
from organisation_cases import found
from sqlalchemy import update

from stembus.access.limits import CODE_FROM_PLACE, LINK_FROM_PLACE, LINK_TO_ADDRESS, Limit, attempt, count_try
from stembus.access.tables import AccessLimit
from stembus.clock import SetClock
from stembus.errors import Refused
from stembus.instance import Instance

HALL = 500


@pytest.mark.parametrize("limit", [LINK_FROM_PLACE, CODE_FROM_PLACE], ids=lambda limit: limit.name)
def test_a_hall_of_members_comes_in_within_ten_minutes(limit: Limit) -> None:
    assert limit.tries >= HALL
    assert limit.window <= timedelta(minutes=10)
    assert limit.longest <= timedelta(minutes=5)


def test_w10_one_network_that_goes_on_has_to_wait_and_the_next_is_let_by(instance: Instance, clock: SetClock) -> None:
    found(instance)
    attempt(instance, CODE_FROM_PLACE, "one network")
    with instance.write() as transaction:
        transaction.session.execute(update(AccessLimit).values(tries=CODE_FROM_PLACE.tries))
    with pytest.raises(Refused, match="tried too often"):
        attempt(instance, CODE_FROM_PLACE, "one network")
    attempt(instance, CODE_FROM_PLACE, "another network")
    clock.set(clock.now() + CODE_FROM_PLACE.longest + CODE_FROM_PLACE.window)
    attempt(instance, CODE_FROM_PLACE, "one network")


def test_w10_each_try_too_many_waits_twice_as_long_as_the_one_before_and_at_most_an_hour(
    instance: Instance, clock: SetClock
) -> None:
    found(instance)
    for _ in range(LINK_TO_ADDRESS.tries):
        attempt(instance, LINK_TO_ADDRESS, "robin@voorbeeld.example")
    waits = []
    for _ in range(5):
        with instance.write() as transaction:
            until = count_try(transaction, LINK_TO_ADDRESS, "robin@voorbeeld.example")
        assert until is not None
        waits.append(int((until - clock.now()).total_seconds()) // 60)
        clock.set(until - timedelta(seconds=1))
        with pytest.raises(Refused, match="tried too often"):
            attempt(instance, LINK_TO_ADDRESS, "robin@voorbeeld.example")
        clock.set(until)
    assert waits == [5, 10, 20, 40, 60]
    attempt(instance, LINK_TO_ADDRESS, "robin@voorbeeld.example")  # an hour without a try: it begins anew
