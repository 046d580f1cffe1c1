"""Savings checks on addresses, gateways, endpoints, load balancers and traffic."""
