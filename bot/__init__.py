"""costbot: cloud waste made visible and removed, in the channel where the team already talks."""

__version__ = "0.1.0"
