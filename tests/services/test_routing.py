"""The router: whose route a request takes."""

from tests.services.journeys import tour
from tidegate.core.values.route import Route


def test_a_route_belongs_to_one_name():
    story = tour(routes={"spread": Route(strategy="weighted", weights={"cloud": 0})})
    assert story.tell("cloud", "other", model="spread")[0] == "other"
    assert story.tell("cloud", "other", model="auto")[0] == "cloud"
