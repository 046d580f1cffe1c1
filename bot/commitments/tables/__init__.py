"""Tables of what to buy, one a file, as those of `bot.collectors`: worked out by `bot.commitments.think_purchase`."""
