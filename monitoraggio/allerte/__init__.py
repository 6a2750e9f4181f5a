"""The early warnings: each a value of `catalogo`, with its source, its threshold, and who must act.

They judge an `Opera` as known at an instant and as it stood on a day, so that today's warnings and those that a past
month would have had are told by the same words.
"""
