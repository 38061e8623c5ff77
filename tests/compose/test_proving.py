"""Until it is proven, a policy serves local targets only."""

import asyncio

from tests.compose.serving import run, serving, tree
from tidegate import activation, app


def own_policy(folder):
    """The baseline with a comment more: the same rules, but nobody has proven these texts."""
    folder.mkdir()
    for name, text in app.baseline_files().items():
        (folder / name).write_text(text + ("\n// mine\n" if name.endswith(".cedar") else ""))
    return f'[policy]\npath = "{folder}"\n'


def test_a_policy_that_nobody_has_proven_rules_local_targets_only_until_its_proof_is_there(configured, tmp_path):
    settings = configured(own_policy(tmp_path / "policy"))

    async def story():
        async with serving(settings) as (gateway, ask):

            async def cloud():
                _, answer = await ask("POST", "/v1/tidegate/explain", b'{"text": "hello"}')
                return {one["target"]: one["effect"] for one in tree(answer)["decision"]["targets"]}["outside"]

            assert await cloud() == "none"
            await asyncio.wait_for(gateway._proving, 50)
            assert await cloud() == "raw"

    run(story)
    policy = app.compiled_policy(tmp_path / "policy")
    assert activation.kept_proof(settings, policy)
    (tmp_path / "policy" / "more.cedar").write_text("// another word\n")
    assert not activation.kept_proof(settings, app.compiled_policy(tmp_path / "policy"))
