from django.db import migrations


def of_two_keep_the_first(apps, schema_editor):
    """The older code holds that nobody signs up twice with one identity number."""
    profiles, seen = apps.get_model("events", "Profile").objects, set()
    for profile in profiles.exclude(person_mark=None).order_by("pk"):
        known = (profile.event_id, profile.person_mark)
        if known in seen:
            profiles.filter(pk=profile.pk).update(person_mark=None)
        seen.add(known)


class Migration(migrations.Migration):
    dependencies = [("events", "0012_sure_of_people_served")]
    operations = [
        migrations.RemoveConstraint(model_name="profile", name="events_one_person_once"),
        migrations.RunPython(migrations.RunPython.noop, of_two_keep_the_first),
    ]
