"""The parts of the scripts that compute something are run from their documentation."""

import doctest

from devkit import our_tests


def test_examples_in_the_documentation():
    found = doctest.testmod(our_tests)
    assert found.attempted
    assert not found.failed
