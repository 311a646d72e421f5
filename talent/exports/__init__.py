from talent.exports.mine import as_rows, everything_about, register

__all__ = ["as_rows", "everything_about", "register"]
