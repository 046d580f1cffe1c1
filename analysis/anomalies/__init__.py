"""Anomalies in daily costs: which days cost something nobody should have expected, judged as of each morning."""

from analysis.anomalies.detect import detect
from analysis.anomalies.episodes import episodes
from analysis.anomalies.reasons import reasons

__all__ = ["detect", "episodes", "reasons"]
