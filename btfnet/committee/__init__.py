"""Classification: networks whose outputs vote for classes, and committees of such networks."""
