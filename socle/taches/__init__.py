"""What is run by the clock: one table of tasks, one command that runs those that are due."""
