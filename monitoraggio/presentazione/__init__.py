"""How the monitoring is shown: values that templates read."""
