"""How much an effect lets through. Looser and stricter mean this order everywhere."""

from collections.abc import Mapping

from tidegate.core.values.decision import Effect

STRENGTH: Mapping[Effect, int] = {
    effect: place for place, effect in enumerate((Effect.NONE, Effect.REVIEWED, Effect.REDACTED, Effect.RAW))
}
