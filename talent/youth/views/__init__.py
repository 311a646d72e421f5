"""Pages of home: for everybody, for whoever checked in, for cadres."""
