from talent.exports.mine import as_rows, everything_about

__all__ = ["as_rows", "everything_about"]
