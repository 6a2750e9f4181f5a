"""Forms of the register, by what they are for."""
