"""Campaigns: what is tried on a whole portal, with its servers, as it stands in production."""
