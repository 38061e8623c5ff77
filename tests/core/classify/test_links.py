import pytest

from tests.core.classify.families import findings_of


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://a.example/x?id=3&user=jdoe&z=1.", "https://a.example/x?id=3&user=jdoe&z=1"),
        ("(www.linkedin.com/in/jane-example)", "www.linkedin.com/in/jane-example"),
        ("<a href='https://a.example/?name=Jo'>", "https://a.example/?name=Jo"),
    ],
)
def test_the_whole_link_is_the_value(text, link):
    assert findings_of(text, "pii.url") == [link]


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example/x?id=3",
        "https://a.example/x?user={user}",
        "https://a.example/x?email=$EMAIL",
        "https://a.example/x?name=",
        "f(x, &user=3)",
        "the ?user= parameter",
        "https://a.example/?username=YOUR_NAME",
    ],
)
def test_links_without_data_and_templates_of_links_are_none(text):
    assert findings_of(text, "pii.url") == []
