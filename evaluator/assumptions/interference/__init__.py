"""Units that touch each other: other courses, the other arm, weeks before and after."""
