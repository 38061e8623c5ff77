"""Small policies on disk, and settings that keep their state in a folder of the test's."""

from tidegate.config import Settings

INSIDE = """@id("inside") @reason("Local models see everything.")
permit (principal, action == Action::"send_raw", resource) when { resource.kind == "local" };
"""
OUTSIDE = """@id("outside") @reason("A cloud sees what is harmless.")
permit (principal, action == Action::"send_raw", resource) when { resource.kind == "cloud" && resource.contract };
"""
NO_SECRETS = """@id("no-secrets") @reason("No secret leaves.")
forbid (principal, action, resource) when { resource.kind != "local" && context.labels.contains("secret") };
"""
NO_PII = """@id("no-pii") @reason("No personal data leaves.")
forbid (principal, action, resource) when { resource.kind != "local" && context.labels.contains("pii") };
"""
SECRETS_STAY = """[[invariant]]
id = "secrets-stay"
reason = "No secret leaves."
never = ["raw", "redacted", "reviewed"]
when = '''context.labels.contains("secret") && resource.kind != "local"'''
"""
CASE = """[[case]]
name = "a key stays"
labels = ["secret.private_key"]
target = { kind = "cloud", contract = true }
effect = "none"
"""


def write(folder, *rules, invariants=SECRETS_STAY, cases=CASE):
    """OPEN unless rules are given."""
    (folder / "tests").mkdir(parents=True, exist_ok=True)
    (folder / "rules.cedar").write_text("\n".join(rules or (INSIDE, OUTSIDE, NO_SECRETS)))
    (folder / "invariants.toml").write_text(invariants)
    (folder / "tests" / "first.toml").write_text(cases)
    return folder


def settings(folder, **policy):
    """`policy`: what stands in [policy]."""
    return Settings.from_document(
        {
            "boundaries": {"here": {"kind": "local"}, "there": {"kind": "cloud", "region": "eu"}},
            "targets": {
                "inside": target("here"),
                "outside": {
                    **target("there"),
                    "contract": {
                        "retention": "zero",
                        "training": "never",
                        "tier": "enterprise",
                        "expires": "2099-01-01",
                    },
                },
            },
            "policy": policy,
            "store": {"url": f"sqlite:///{folder}/state.db"},
            "keys": {"path": f"{folder}/keys"},
            "audit": {"path": f"{folder}/audit"},
            "detection": {"path": f"{folder}/detection", "names": False},
        },
        folder=folder,
    )


def target(boundary):
    return {"provider": "openai-compatible", "url": "http://127.0.0.1:9/v1", "model": "m", "boundary": boundary}
