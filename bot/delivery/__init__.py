"""What reaches a channel, how often, and how it is told: between what was found and `bot.posting`."""
