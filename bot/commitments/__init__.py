"""What is owned, what ends, and what to buy: from usage by the hour and AWS's rates, below commands and workflows."""
