#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingchun.settings")
    from django.core.management import execute_from_command_line

    from qingchun.env import Misconfigured
    from qingchun.ground.refusals import Refused

    try:
        execute_from_command_line(sys.argv)
    except (Misconfigured, Refused) as error:
        sys.exit(str(error))
