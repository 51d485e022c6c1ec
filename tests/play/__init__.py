"""A play of a whole working day; assertions in its modules show their values as those in tests do."""

import pytest

pytest.register_assert_rewrite("tests.play.books", "tests.play.ledger", "tests.play.people", "tests.play.running")
