"""What proposals to buy commitments bring, and what they take to work out."""
