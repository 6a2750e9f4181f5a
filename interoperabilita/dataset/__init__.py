"""The open data: each data set and its fields, one value each; how it is written, and described in DCAT-AP_IT."""
