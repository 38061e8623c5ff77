from tidegate.core.restore.restoring import Restoring

TAG = "\u27e6pii.email:k7f2q9m3\u27e7"
ORIGINALS = {TAG: 'jane"j"@example.com'}


def test_where_nothing_was_opened_there_is_nothing_to_count():
    assert Restoring(ORIGINALS).counts() == (0, 0, 0)


def test_each_block_has_a_channel_of_its_own_and_all_are_counted():
    restoring = Restoring(ORIGINALS)
    prose, more, lookup, fetch = (restoring.open_channel(tool) for tool in ("", "", "lookup", "web_fetch"))
    out = [channel.feed(TAG[:9]) for channel in (prose, more, lookup, fetch)]
    assert out == [""] * 4
    assert prose.feed(TAG[9:]) + prose.feed(" ") == 'jane"j"@example.com '
    assert more.feed("!") + more.close() == TAG[:9] + "!"
    assert lookup.feed(TAG[9:]) == 'jane\\"j\\"@example.com'
    assert fetch.feed(TAG[9:]) == TAG
    assert restoring.counts() == (2, 1, 0)


def test_prose_that_was_asked_for_as_json_is_json():
    channel = Restoring(ORIGINALS, structured=True).open_channel("")
    assert channel.feed(f'{{"a":"{TAG}"}}') == '{"a":"jane\\"j\\"@example.com"}'


def test_a_secret_s_tag_counts_as_suppressed_whatever_its_label():
    restoring = Restoring({}, withheld={TAG})
    assert restoring.open_channel("").feed(f"{TAG} ") == f"{TAG} "
    assert restoring.counts() == (0, 1, 0)


def test_a_policy_may_name_other_external_tools():
    restoring = Restoring(ORIGINALS, external={"lookup"})
    assert restoring.open_channel("look_up").feed(TAG) == TAG
    assert restoring.open_channel("fetch").feed(TAG) != TAG
