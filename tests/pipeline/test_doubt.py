"""A decision that Cedar does not share, on the whole path: nothing is sent, and from then on only local targets are."""

import json

from tests.pipeline.script import Story, answer
from tidegate.core.decide.oracle.cedar import NoAnswer, Oracle
from tidegate.core.decide.oracle.second import SecondOpinion
from tidegate.judgement import Judge


class Told:
    """What a gateway does on a doubt: the next request finds another judge."""

    def __init__(self, oracle=None, **more):
        self.story = Story(cloud=[answer("from the cloud")] * 3, local=[answer("from the house")] * 3, **more)
        self.doubts = []
        policy = self.story.pipeline.judge.policy
        second = SecondOpinion(1.0, lambda: 0.0, self.doubt, *([oracle] if oracle else []))
        self.story.pipeline.judge = Judge(policy, second=second)

    def doubt(self, found):
        self.doubts.append(found)
        judge = self.story.pipeline.judge
        self.story.pipeline.judge = judge.ruled_by(judge.policy.only_local("decision-in-doubt"))


class Mute:
    """Answers nothing until it is well again."""

    ill = True

    def __init__(self, policy):
        self._oracle = Oracle(policy.rules)

    def decide(self, requests, target):
        if Mute.ill:
            raise NoAnswer("evaluation error")
        return self._oracle.decide(requests, target)


def test_where_cedar_agrees_nothing_is_different():
    told = Told()
    assert json.loads(told.story.ask("hello").out)["choices"][0]["message"]["content"] == "from the cloud"
    assert told.doubts == []


def test_a_request_in_doubt_gets_nothing_and_the_next_ones_only_local_targets(monkeypatch):
    monkeypatch.setattr(Mute, "ill", True)
    told = Told(oracle=Mute)
    client = told.story.ask("hello")

    assert (client.status, json.loads(client.out)["error"]["code"]) == (503, "decision_in_doubt")
    assert told.story.sent == []
    (intent,) = told.story.records("intent")
    assert [(one["effect"], one["rules"]) for one in intent["decision"]] == [("none", ["decision-in-doubt"])] * 2
    assert [one["status"] for one in told.story.records("outcome")] == ["failed"]

    monkeypatch.setattr(Mute, "ill", False)
    assert told.story.ask("hello").told["x-tidegate-target"] == "local"
    refused = told.story.ask("hello", model="cloud-only")
    assert (refused.status, json.loads(refused.out)["error"]["code"]) == (503, "decision_in_doubt")
    assert [name for name, _ in told.story.sent] == ["local"]
    assert len(told.doubts) == 1


def test_where_no_record_can_be_kept_a_doubt_is_told_all_the_same(monkeypatch):
    monkeypatch.setattr(Mute, "ill", True)
    told = Told(oracle=Mute, log_breaks_at=1)
    assert told.story.ask("hello").status == 503
    assert (told.story.sent, len(told.doubts)) == ([], 1)
