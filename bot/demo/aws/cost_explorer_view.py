"""What one account sees of the bill at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.demo.aws.cost_explorer_dimensions import Dimensions
from bot.demo.aws.cost_explorer_filter import Mask, matching
from bot.demo.aws.ledger import Statement
from bot.demo.aws.organisation import PAYER


@dataclass(frozen=True, slots=True)
class View:
    """A statement through the eyes of an account: the payer sees everything, a member only itself."""

    statement: Statement
    dimensions: Dimensions
    account_id: str

    def mask(self, expression: Mapping[str, Any] | None) -> Mask:
        """The lines an expression lets through, of those the account may see.

        Raises:
            AwsError: ValidationException, when AWS would refuse the expression.
        """
        mask = matching(expression, self.dimensions)
        if self.account_id == PAYER.id:
            return mask
        column = self.dimensions.dimension("LINKED_ACCOUNT")
        own = np.array([name == self.account_id for name in column.names], dtype=np.bool_)
        return mask & own[column.codes]
