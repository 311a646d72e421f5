"""Reads an iCalendar file by RFC 5545 alone: another reader than the library that writes ours."""

import datetime as dt


def lines(body):
    """Content lines, unfolded. Raises: AssertionError for what no reader has to take."""
    text = body.decode("utf-8")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return [line for line in text.replace("\r\n ", "").split("\r\n") if line]


def said(value):
    return value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")


def read(body):
    """(properties of the calendar, [properties of each event, with its alarms under ALARMS])."""
    calendar, events, stack = {}, [], []
    for line in lines(body):
        head, _, value = line.partition(":")
        name, *parameters = head.split(";")
        if name == "BEGIN":
            stack.append(value)
            if value == "VEVENT":
                events.append({"ALARMS": []})
            elif value == "VALARM":
                events[-1]["ALARMS"].append({})
        elif name == "END":
            assert stack.pop() == value
        else:
            into = {"VCALENDAR": calendar, "VEVENT": events and events[-1]}.get(stack[-1])
            into = events[-1]["ALARMS"][-1] if stack[-1] == "VALARM" else into
            assert name not in into, f"{name} twice"
            into[name] = said(value)
            if parameters:
                into[f"{name};"] = ";".join(parameters)
    assert stack == []
    return calendar, events


def moment(value):
    """An instant in UTC, or a whole day."""
    if len(value) == 8:
        return dt.datetime.strptime(value, "%Y%m%d").date()
    return dt.datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
