"""The whole of an event's form: the event, its rows of places, what is asked of those who join."""

import datetime as dt

from qingchun.ground.edits import said
from services.events.forms.events import EventForm
from services.events.forms.formsets import (
    MOST_GROUPS,
    GroupForms,
    MoreStationForms,
    PostForms,
    QuestionForms,
    QuestionRows,
    StationForms,
    counties_within,
    townships_within,
)
from services.events.forms.shifts import SHIFTS, OwnHours, shifts
from services.events.kinds import KINDS


class Sheet:
    """The form of an event with its rows: what is asked depends on the kind."""

    ASKED_ANEW = ("opens_on", "more_on")  # what is chosen at a change, and never shown as it stands

    def __init__(self, data, scope, kind, event=None):
        self.of, self.event = KINDS[kind], event
        self.form = EventForm(data, kind=kind, event=event)
        asked = QuestionRows.initial_of(event.questions) if event else None
        self.questions = QuestionForms(data, prefix="questions", initial=asked)
        self.rows, self.more, self.hours, self.own = None, None, [], None
        if self.of.has_posts:
            units = townships_within(scope)
            self.rows = PostForms(
                data, prefix="rows", initial=self._posts(), form_kwargs={"units": units}
            )
        elif event:
            self.rows = GroupForms(data, prefix="rows", initial=self._groups())
        if self.of.has_shifts:
            named = {"form_kwargs": {"units": counties_within(scope)}}
            if event:
                self.more = MoreStationForms(data, prefix="more", **named)
            else:
                self.rows = StationForms(data, prefix="rows", **named)
            given = data.getlist("hours") if data else []
            self.hours = [text for text in given if text in dict(SHIFTS)]
            self.own = OwnHours(data)

    def _posts(self):
        if not self.event:
            return None
        return [
            {
                "pk": g.pk, "name": g.name, "host": g.host, "unit": g.near_id,
                "capacity": g.capacity, "text": g.text,
            }
            for g in self.event.groups.all()
        ]  # fmt: skip

    def _groups(self):
        return [
            {"pk": g.pk, "name": g.name_and_time, "capacity": g.capacity}
            for g in self.event.groups.filter(cancelled_why="")
        ]

    def _all_hours(self):
        return list(dict.fromkeys([*self.hours, *self.own.cleaned_data["own_hours"]]))

    def is_valid(self):
        parts = [self.form, self.questions]
        parts += [rows for rows in (self.rows, self.more, self.own) if rows is not None]
        wrong = [part for part in parts if not part.is_valid()]  # each says what is wrong with it
        fine = not wrong
        adds = self.of.has_shifts and (not self.event or (fine and self.more.rows()))
        if adds and fine and not self._all_hours():
            self.form.add_error(None, "请至少选一个班次时间。")
            fine = False
        if adds and self.event and fine and not self.form.cleaned_data["more_on"]:
            self.form.add_error("more_on", "请选加在哪天。")
            fine = False
        if fine and len(self.groups()) > MOST_GROUPS:
            self.form.add_error(None, f"一场活动最多 {MOST_GROUPS} 个班次，请分成几场。")
            fine = False
        return fine

    def groups(self):
        if self.of.has_posts:
            return self.rows.groups()
        if self.event:
            kept = [{"pk": row["pk"], "capacity": row["capacity"]} for row in self.rows.rows()]
            if self.more is not None and (stations := self.more.rows()):
                kept += shifts(stations, [self.form.cleaned_data["more_on"]], self._all_hours())
            return kept
        if self.of.has_shifts:
            begins = self.form.cleaned_data["on"]
            ends = self.form.cleaned_data.get("until_on") or begins
            days = [begins + dt.timedelta(n) for n in range((ends - begins).days + 1)]
            return shifts(self.rows.rows(), days, self._all_hours())
        return self.form.simple_groups()

    def what(self):
        facts = self.form.facts() | {"questions": self.questions.questions()}
        groups = self.groups()
        if self.of.has_shifts and (new := [row for row in groups if "starts_at" in row]):
            begins, ends = [row["starts_at"] for row in new], [row["ends_at"] for row in new]
            if self.event:
                begins, ends = [*begins, facts["starts_at"]], [*ends, facts["ends_at"]]
            facts["starts_at"], facts["ends_at"] = min(begins), max(ends)
            # Volunteers may come until the last shift begins.
            facts["closes_at"] = min(
                max(facts["closes_at"], *(row["starts_at"] for row in new)), facts["ends_at"]
            )
        return {
            "facts": facts,
            "groups": groups,
            "evening": self.form.evening(),
            "sure": self.rows.confirmed() if self.of.has_posts else [],
        }

    def stand_beside(self, event):
        """Somebody else saved first. From now on the rows are those that stand, each as it was
        typed here; what stands is named in full by ``stands``.
        """
        self.event = event
        if self.rows is not None:
            typed = self.rows.rows()
            given = {row["pk"]: row for row in typed if row["pk"]}
            if self.of.has_posts:
                known = {post["pk"] for post in self._posts()}
                rows = [post | given.get(post["pk"], {}) for post in self._posts()]
                rows += [row | {"pk": None} for row in typed if row["pk"] not in known]
            else:  # what a group is called is not asked
                rows = [g | given.get(g["pk"], {}) | {"name": g["name"]} for g in self._groups()]
            options = {"prefix": "rows", "form_kwargs": self.rows.form_kwargs}
            self.rows = type(self.rows)(initial=rows, **options)

    def stands(self):
        """(what, value) of all that is written of the event now."""
        form = EventForm(kind=self.of.key, event=self.event)
        asked = [bound for bound in form.visible_fields() if bound.name not in self.ASKED_ANEW]
        stands = [(bound.label, said(bound, bound.initial)) for bound in asked]
        rows = self._posts() if self.of.has_posts else self._groups()
        places = "；".join(f"{row['name']} {row['capacity']} 人" for row in rows)
        questions = "；".join(question["label"] for question in self.event.questions)
        return [*stands, ("名额", places), ("报名时要问的", questions or "没有")]

    def context(self):
        return {
            "form": self.form, "questions": self.questions, "rows": self.rows, "kind": self.of,
            "event": self.event, "shifts": SHIFTS,
            "hours": self.hours, "more": self.more, "own": self.own,
        }  # fmt: skip
