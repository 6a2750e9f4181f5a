"""Reads of the monitoring."""
