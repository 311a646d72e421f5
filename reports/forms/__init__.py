"""What is typed into papers, the library, demands and the schedule of reminders."""
