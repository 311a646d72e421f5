from talent.exports.mine import (
    as_rows,
    everything_about,
    everything_about_one_without_a_phone,
)

__all__ = ["as_rows", "everything_about", "everything_about_one_without_a_phone"]
