"""Auto Scaling: what groups did, what a policy or a schedule would have done with the same load."""
