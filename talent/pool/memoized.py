"""What is asked again and again, remembered."""

MOST_REMEMBERED = 5000


class Memoized(dict):
    """What a cell turned out to be, remembered while there are few of them."""

    def __init__(self, convert):
        super().__init__()
        self.convert = convert

    def __missing__(self, cell):
        found = self.convert(cell)
        if len(self) < MOST_REMEMBERED:
            self[cell] = found
        return found
