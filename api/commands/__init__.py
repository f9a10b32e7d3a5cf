"""What `navette` can do, one command a file. What takes long to import is imported where it is run."""
