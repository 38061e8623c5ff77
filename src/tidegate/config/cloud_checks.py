"""Whether what a target says of its cloud is enough, agrees with its boundary, and is about that cloud at all."""

from collections.abc import Iterator

from tidegate.config.clouds import area_of, lies_in, region_of, spread_of
from tidegate.config.declaration import BoundaryTable, TargetTable
from tidegate.config.endpoints import KEYLESS, OWN_CLOUD, Place
from tidegate.config.hosts import is_loopback
from tidegate.config.reading import BROKEN

Mistake = tuple[str, str]
"""The key that it stands at, and a sentence."""

# Who knows what. All other targets have no use for it, and whoever wrote it believes that they do.
_KNOWN_BY = {
    "project": ("vertex",),
    "location": ("vertex",),
    "region": ("bedrock",),
    "profile": ("bedrock",),
    "credentials": ("bedrock", "vertex"),
    "api_version": ("azure", "azure-ai", "vertex"),
}
_URLS = {
    "azure": "write the resource's, such as https://NAME.openai.azure.com",
    "azure-ai": "write the resource's, such as https://NAME.services.ai.azure.com",
    "openai-compatible": "write where the server is, /v1 included",
}
_VARIABLES = {
    "anthropic": "ANTHROPIC_API_KEY", "azure": "AZURE_OPENAI_API_KEY", "azure-ai": "AZURE_AI_API_KEY",
    "deepseek": "DEEPSEEK_API_KEY",
    "gemini": "GEMINI_API_KEY", "groq": "GROQ_API_KEY", "mistral": "MISTRAL_API_KEY", "openai": "OPENAI_API_KEY",
    "openrouter": "OPENROUTER_API_KEY", "xai": "XAI_API_KEY",
}  # fmt: skip


def of_cloud(target: TargetTable, place: Place | None, boundary: BoundaryTable | None) -> Iterator[Mistake]:
    """`place`: its URL, None where there is none yet. `boundary`: None where it cannot be read."""
    if target.provider is BROKEN:
        return
    yield from _about_others(target)
    yield from _missing(target, place)
    yield from _keys(target, place)
    if target.ca_file is not None and place and place.scheme == "http":
        yield "ca_file", "the url is http://, so there is no certificate to vouch for; write https://, or remove it"
    if boundary is not None:
        yield from _where(target, place, boundary)


def _about_others(target: TargetTable) -> Iterator[Mistake]:
    for key, providers in _KNOWN_BY.items():
        if getattr(target, key) is not None and target.provider not in providers:
            yield key, f"only {' and '.join(providers)} have a use for it; remove it"


def _missing(target: TargetTable, place: Place | None) -> Iterator[Mistake]:
    if target.provider in _URLS and target.url is None:
        yield "url", f"it is missing; {_URLS[target.provider]}"
    if target.provider == "vertex" and target.api_key is None:
        for key in ("project", "location"):
            if getattr(target, key) is None:
                yield key, "it is missing; write the name that Google's console shows"
    if target.provider == "bedrock" and target.region is None and not (place and region_of(place.host)):
        yield "region", "it is missing; write AWS's name for it, such as eu-central-1"


def _keys(target: TargetTable, place: Place | None) -> Iterator[Mistake]:
    if target.api_key is not None and target.credentials is not None:
        yield "credentials", "there is an api_key as well; only one of them can be shown, so remove the other"
    needs_one = target.provider in OWN_CLOUD and target.provider not in KEYLESS
    if needs_one and target.api_key is None and not (place and is_loopback(place.host)):
        variable = _VARIABLES.get(target.provider, "NAME")
        yield "api_key", f'it is missing; write a reference such as "env:{variable}"'


def _where(target: TargetTable, place: Place | None, boundary: BoundaryTable) -> Iterator[Mistake]:
    said = boundary.region
    if target.provider == "vertex" and isinstance(target.location, str) and said:
        yield from _lies(target, "location", target.location, said)
    if target.provider == "bedrock":
        there = region_of(place.host) if place else ""
        if there and isinstance(target.region, str) and target.region != there:
            yield "region", f"it says {target.region}, and the url leads to {there}: correct one of them"
        if said and isinstance(there or target.region, str):
            yield from _lies(target, "region", there or target.region or "", said)
            yield from _spread(target, said)


def _lies(target: TargetTable, key: str, cloud_place: str, said: str) -> Iterator[Mistake]:
    if not cloud_place or lies_in(cloud_place, said):
        return
    area = area_of(cloud_place)
    where = f"{cloud_place} lies in {area}" if area else f"{cloud_place} lies nowhere in particular"
    yield key, f"{where}, its boundary {target.boundary} says {said}: correct one of them"


def _spread(target: TargetTable, said: str) -> Iterator[Mistake]:
    """A profile's name begins with the area whose regions may answer."""
    spread = spread_of(target.model) if isinstance(target.model, str) else ""
    if spread and not (spread == said or area_of(said) == spread):
        spread_out = f"this profile's requests may be answered anywhere in {spread}"
        yield "model", f"{spread_out}, its boundary {target.boundary} says {said}: name a model of that region"
