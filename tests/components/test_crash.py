"""A page that could not go on says so in a sentence."""

import pytest
from streamlit.testing.v1 import AppTest

from flows.errors import StoreError

UNEXPECTED = (
    "This page met something unexpected (KeyError). The terminal where Fanfold runs says more. "
    "Your flows are kept: reload the page."
)


def crash(error: Exception) -> None:
    import streamlit as st

    from components.crash import show_crash

    st.write("before")
    assert show_crash(error) is True


@pytest.mark.parametrize(
    "error, said",
    [
        (StoreError("The folder *x* cannot be used."), r"The folder \*x\* cannot be used."),
        (
            KeyError("secret"),
            UNEXPECTED,
        ),
    ],
)
def test_the_sentence_is_for_people(error: Exception, said: str) -> None:
    page = AppTest.from_function(crash, kwargs={"error": error}).run()
    assert [each.value for each in page.error] == [said]
    assert not page.exception
