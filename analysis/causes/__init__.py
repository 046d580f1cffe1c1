"""Root cause: what a change of cost is made of, in dollars that add up, and the fewest lines that say most of it."""

from analysis.causes.comparison import Comparison, against_weekdays_before, between
from analysis.causes.effects import Effect, effects
from analysis.causes.explanation import Cause, Explanation, explain

__all__ = ["Cause", "Comparison", "Effect", "Explanation", "against_weekdays_before", "between", "effects", "explain"]
