from reports.views.boards import board, export_board
from reports.views.plans import (
    attach,
    attachment,
    detach,
    edit_plan,
    example,
    plan,
    plans,
    print_plan,
    save_section,
    start_plan,
    versions,
)
from reports.views.reminders import note_summary, remind_now, reminders, summaries
from reports.views.review import approve, publish, send_back, start_review, submit, take_back

__all__ = [
    "approve",
    "attach",
    "attachment",
    "board",
    "detach",
    "edit_plan",
    "example",
    "export_board",
    "note_summary",
    "plan",
    "plans",
    "print_plan",
    "publish",
    "remind_now",
    "reminders",
    "save_section",
    "send_back",
    "start_plan",
    "start_review",
    "submit",
    "summaries",
    "take_back",
    "versions",
]
