"""Pure maths of the reports: no database, no clock, no floating point, so that the same data give the same digits."""
