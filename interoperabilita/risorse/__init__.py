"""What the API publishes: each resource and its fields, one value each."""
