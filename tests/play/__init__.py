"""What the play asserts outside of its tests is told as clearly as within."""

import pytest

pytest.register_assert_rewrite("tests.play.books", "tests.play.ledger", "tests.play.people", "tests.play.running")
