"""An edition of 青春兴晋: stages, deadlines, the ten kinds of activity, and the activity log."""
