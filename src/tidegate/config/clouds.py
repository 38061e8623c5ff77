"""The clouds' own words in a configuration: where a project's or a region's models are asked, and which region that is.

Names of places are Google's (cloud.google.com/vertex-ai/docs/general/locations) and Amazon's
(docs.aws.amazon.com/general/latest/gr/bedrock.html).
"""

import re

GOOGLE = "https://aiplatform.googleapis.com"
_AREAS = (  # an area of the world as a boundary may call it, by how places in it begin
    ("eu", ("eu-", "europe-", "eu")),
    ("us", ("us-", "us")),
    ("ca", ("ca-", "northamerica-")),
    ("sa", ("sa-", "southamerica-")),
    ("ap", ("ap-", "apac", "asia-", "australia-")),
    ("me", ("me-", "il-")),
    ("af", ("af-", "africa-")),
)
# Places whose names say Europe and that lie outside of the European Union.
_ELSEWHERE = {
    "eu-west-2": "uk", "europe-west2": "uk", "eu-central-2": "ch", "europe-west6": "ch",
}  # fmt: skip
_AWS_HOST = re.compile(r"bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws)")
# Profiles that spread requests over the regions of an area: what is asked in one may be answered in another.
_PROFILE = re.compile(r"(us|eu|apac|global|us-gov|jp|au|ca)\.[a-z0-9-]+\.")
_PROFILE_AREAS = {"apac": "ap", "jp": "ap", "au": "ap", "us-gov": "us"}


def vertex_root(root: str, project: str, location: str, version: str) -> str:
    """Where the models of a project are asked; without a project, where a key of its own opens them."""
    place = f"/projects/{project}/locations/{location}" if project else ""
    return f"{root}/{version or 'v1beta1'}{place}"


def vertex_host(location: str) -> str:
    if location in ("", "global"):
        return GOOGLE
    if location in ("us", "eu"):
        return f"https://aiplatform.{location}.rep.googleapis.com"
    return f"https://{location}-aiplatform.googleapis.com"


def bedrock_root(region: str) -> str:
    ending = ".cn" if region.startswith("cn-") else ""
    return f"https://bedrock-runtime.{region}.amazonaws.com{ending}"


def region_of(host: str) -> str:
    """The region that a host of Bedrock's names; empty for others."""
    found = _AWS_HOST.fullmatch(host)
    return found[1] if found else ""


def area_of(place: str) -> str:
    """The area in which a cloud's place lies; empty where nobody can say: `global` lies everywhere."""
    if place in _ELSEWHERE:
        return _ELSEWHERE[place]
    return next((area for area, begins in _AREAS if place in begins or place.startswith(begins)), "")


def lies_in(place: str, region: str) -> bool:
    """Whether a cloud's place is where a boundary says that it is."""
    return place == region or area_of(place) == region


def spread_of(model: str) -> str:
    """The place over which a Bedrock model's id spreads its requests; empty where it does not."""
    found = _PROFILE.match(model)
    return _PROFILE_AREAS.get(found[1], found[1]) if found else ""
