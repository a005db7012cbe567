"""A page that changes something cannot be declared without saying what it records."""

from typing import Any

import pytest

from stembus.entry import anyone
from stembus.web.routes import action


@pytest.mark.parametrize("given", [{}, {"writes": ("member.merged",), "no_act": "it changes nobody's rights"}], ids=str)
def test_l5_an_action_names_its_acts_or_says_why_none_and_not_both(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="name the acts that it writes, or say why it writes none"):
        action("/nothing", who=anyone, **given)
