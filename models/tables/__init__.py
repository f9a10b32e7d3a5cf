"""What is remembered: SQLModel records, one file per part of the business.

Importing this package loads SQLAlchemy; nothing outside `api` and `models.migrations` may. Records validate
nothing: what goes in has been a wire or a frozen value before.
"""
