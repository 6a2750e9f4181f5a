"""The OpenAPI document of the API, made from what the code declares."""
