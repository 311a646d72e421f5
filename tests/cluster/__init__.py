"""A portal on several machines, all of them this one: ``make cluster`` drives it and kills its parts."""
