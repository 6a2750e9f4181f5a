"""Filters of the lists of the monitoring."""
