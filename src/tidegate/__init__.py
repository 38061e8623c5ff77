"""tidegate decides, for every request to an AI model, which of it may cross which trust boundary."""

__version__ = "0.1.0"
