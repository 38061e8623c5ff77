"""The clouds' own names for places: where they are asked, and where that lies."""

import pytest

from tidegate.config import clouds


@pytest.mark.parametrize(
    ("location", "host"),
    [
        ("europe-west4", "https://europe-west4-aiplatform.googleapis.com"),
        ("global", "https://aiplatform.googleapis.com"),
        ("eu", "https://aiplatform.eu.rep.googleapis.com"),
        ("", "https://aiplatform.googleapis.com"),
    ],
)
def test_a_location_has_its_own_host(location, host):
    assert clouds.vertex_host(location) == host


def test_models_are_asked_in_a_project_or_by_a_key_of_their_own():
    root = "https://aiplatform.googleapis.com"
    assert clouds.vertex_root(root, "p", "eu", "") == f"{root}/v1beta1/projects/p/locations/eu"
    assert clouds.vertex_root(root, "", "", "v1") == f"{root}/v1"


@pytest.mark.parametrize(
    ("region", "root"),
    [
        ("eu-central-1", "https://bedrock-runtime.eu-central-1.amazonaws.com"),
        ("cn-north-1", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_a_region_has_its_own_host_and_the_host_says_which(region, root):
    assert clouds.bedrock_root(region) == root
    assert clouds.region_of(root.removeprefix("https://")) == region


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("bedrock-runtime-fips.us-east-1.amazonaws.com", "us-east-1"),
        ("bedrock-runtime.eu-west-3.api.aws", "eu-west-3"),
        ("bedrock-runtime.eu-west-3.amazonaws.com.evil.example", ""),
        ("vpce-1.bedrock-runtime.example", ""),
        ("127.0.0.1", ""),
    ],
)
def test_a_host_says_its_region_or_nothing(host, region):
    assert clouds.region_of(host) == region


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("europe-west4", "eu"),
        ("eu-central-1", "eu"),
        ("eu", "eu"),
        ("europe-west2", "uk"),
        ("eu-west-2", "uk"),
        ("eu-central-2", "ch"),
        ("us-east-1", "us"),
        ("us", "us"),
        ("northamerica-northeast1", "ca"),
        ("asia-northeast1", "ap"),
        ("ap-south-1", "ap"),
        ("global", ""),
        ("moon", ""),
    ],
)
def test_a_place_lies_in_an_area(place, area):
    assert clouds.area_of(place) == area
    assert clouds.lies_in(place, place)
    assert clouds.lies_in(place, "eu") == (area == "eu")


@pytest.mark.parametrize(
    ("model", "spread"),
    [
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "eu"),
        ("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "global"),
        ("apac.amazon.nova-pro-v1:0", "ap"),
        ("anthropic.claude-3-haiku-20240307-v1:0", ""),
        ("meta.llama3-2-1b-instruct-v1:0", ""),
    ],
)
def test_a_profile_says_over_what_it_spreads(model, spread):
    assert clouds.spread_of(model) == spread
