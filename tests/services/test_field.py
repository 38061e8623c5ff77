"""What one worker knows of its targets."""

from tests.services.journeys import OK, fails, tour


def test_health_is_the_same_object_until_something_changes():
    story = tour(cloud=[OK, fails("connect")])
    story.tell("cloud")
    story.clock.seconds += 1
    first = story.router.health
    story.clock.seconds += 1
    assert story.router.health is first
    assert dict(first) == {"cloud": "healthy"}
    story.tell("cloud", "local")
    story.clock.seconds += 1
    assert dict(story.router.health) == {"cloud": "failing", "local": "healthy"}
