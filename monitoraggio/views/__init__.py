"""Pages of the monitoring."""
