"""What is declared of a row (dates, events, groups) and the calendar that its counts show."""
