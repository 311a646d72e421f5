"""What the League does for people at home: proxy/ carries their papers to the offices."""
