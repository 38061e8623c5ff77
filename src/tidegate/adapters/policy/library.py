"""The policies for regulations that ship in the package, each to be composed with the baseline."""

from collections.abc import Sequence
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable

from tidegate.adapters.policy.folder import CASES, INVARIANTS, case_files, read_baseline
from tidegate.core.decide.lifecycle.composition import Member, compose
from tidegate.core.values.errors import ConfigError
from tidegate.policies import library_names

BASELINE = "baseline"

_BESIDE, _INSTEAD = "rules.cedar", "instead.cedar"


def composed_policy(names: Sequence[str]) -> dict[str, str]:
    """The baseline and the named policies as the files of one, by their paths in its folder.

    Raises ConfigError with every name that there is none by, and the one that was probably meant.
    """
    known = library_names()
    mistakes = [_unknown(name, known) for name in names if name not in (BASELINE, *known)]
    if mistakes:
        raise ConfigError(mistakes)
    wanted = [name for name in dict.fromkeys(names) if name != BASELINE]
    baseline = read_baseline()
    if not wanted:
        return {**baseline.sources, **case_files(None)}
    rules = {name: text for name, text in baseline.sources.items() if name != INVARIANTS}
    ground = Member(
        name=BASELINE, rules=rules, invariants=baseline.sources[INVARIANTS], cases="\n".join(case_files(None).values())
    )
    return compose(ground, [_member(name) for name in wanted], schema=baseline.schema)


def _member(name: str) -> Member:
    folder = _library().joinpath(name)
    instead = folder.joinpath(_INSTEAD).is_file()
    return Member(
        name=name,
        rules={f"{name}.cedar": folder.joinpath(_INSTEAD if instead else _BESIDE).read_text("utf-8")},
        invariants=folder.joinpath(INVARIANTS).read_text("utf-8"),
        cases=folder.joinpath(CASES, f"{name}.toml").read_text("utf-8"),
        instead=instead,
    )


def _library() -> Traversable:
    return files("tidegate.policies").joinpath("library")


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.lower(), [*known, BASELINE], n=1)
    advice = f'did you mean "{near[0]}"?' if near else f"choose among {', '.join(known)}"
    return f'there is no policy called "{name}"; {advice}'
