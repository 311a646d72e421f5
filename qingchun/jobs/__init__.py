"""What a worker does for somebody who waits: declared by ``@job``, asked for, done once, fetched."""
