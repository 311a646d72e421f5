"""A picture that a film's codec has packed (HEIC, AVIF), from the standard input, as a PNG on the output.

In a process of its own, which has so much memory and time: what such a file says of its size is not what
its codec unpacks, and a codec that falls takes nothing else with it. It knows nothing of the portal.
"""

import resource
import sys

from pi_heif import register_heif_opener
from PIL import Image

LARGEST_SIDE = 2048  # as ``pictures`` has it
MEMORY, SECONDS = 1_000_000_000, 20  # of the largest that is taken half of it is used


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    register_heif_opener(thumbnails=False)
    image: Image.Image = Image.open(sys.stdin.buffer, formats=("HEIF", "AVIF"))
    kept = {name: image.info[name] for name in ("exif", "icc_profile") if image.info.get(name)}
    while min(image.size) >= 2 * LARGEST_SIDE:
        image = image.reduce(2)
    image.save(sys.stdout.buffer, "PNG", compress_level=0, **kept)


if __name__ == "__main__":
    main()
