"""`tidegate policy sign`."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from tidegate.cli import arguments, terminal

ABOUT = """\
Make a signed bundle of a policy folder: every file by its digest, a revision, and one signature over all of it. The
policy's cases and its proof come first. Unless --unpinned is given, the bundle also holds boundaries, targets,
contracts and what is looked for as the configuration has them: where a configuration promises more, it is refused."""


def declare(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", help="a policy folder")
    key = parser.add_mutually_exclusive_group(required=True)
    key.add_argument("--key", metavar="FILE", help="sign with the key in this file")
    key.add_argument("--new-key", metavar="FILE", help="make a key there, readable by you alone, and sign with it")
    parser.add_argument("--key-name", default="", metavar="NAME", help="with --new-key: whose it is")
    parser.add_argument(
        "--revision", required=True, type=arguments.whole_number, metavar="N", help="higher than before"
    )
    parser.add_argument(
        "--out", required=True, metavar="BUNDLE", help="where to: a folder, or a tar if it ends in .tar"
    )
    parser.add_argument("--name", default="", help="what the policy is called (default: its folder's name)")
    parser.add_argument("--valid-until", type=_moment, default="", metavar="WHEN", help="a day, or a moment in UTC")
    parser.add_argument(
        "--approve-looser", default="", metavar="NAME", help="who accepts what it lets through that others did not"
    )
    parser.add_argument("--unpinned", action="store_true", help="leave boundaries, contracts and detectors out of it")


def call(given: Namespace) -> int:
    from tidegate import signing
    from tidegate.cli.chosen import written

    settings = written(given.config)
    key, new_key = (Path(one) if one else None for one in (given.key, given.new_key))
    signer = signing.signing_key(key, new_key, given.key_name)
    pinned = not given.unpinned and bool(settings.targets)
    bundle = signing.sign_policy(
        settings,
        Path(given.folder),
        signer,
        Path(given.out),
        revision=given.revision,
        name=given.name,
        valid_until=given.valid_until,
        approver=given.approve_looser,
        pinned=pinned,
    )
    trust = signer.verifier.vkey()
    if given.json:
        terminal.say_json(
            {
                "ok": True,
                "bundle": bundle.manifest.digest,
                "out": given.out,
                "revision": bundle.manifest.revision,
                "files": dict(bundle.manifest.files),
                "pinned": pinned,
                "key": trust,
            }
        )
        return 0
    terminal.say(
        f"{terminal.paint('signed', 'good')}: {given.out} is {bundle.manifest.name} revision {given.revision} "
        f"({len(bundle.manifest.files)} files{', with what surrounds it' if pinned else ''})"
    )
    terminal.say(f'whoever is to take it says in tidegate.toml: [policy] trust = ["{trust}"]')
    return 0


def _moment(text: str) -> str:
    """The end of a day, or a moment; nothing is nothing."""
    from tidegate.core.decide.bundle.manifest import is_moment

    if not text:
        return ""
    for spelt in (text, f"{text}Z", f"{text}T23:59:59Z"):
        if is_moment(spelt):
            return spelt
    raise ArgumentTypeError("a day or a moment is wanted, such as 2027-11-21 or 2027-11-21T14:00:00")
