from django.db import migrations

from qingchun.organizations.rls import CLERK, IS_PERSON, NEAR_HOME, PERSON, open_to_read, wall

HOME = f"{NEAR_HOME.format(column='organization_id')} OR {CLERK}"
RECORD = f"{HOME} OR {IS_PERSON.format(column='user_id')}"
OF_RECORD = f"{HOME} OR record_id IN (SELECT id FROM talent_talentrecord WHERE user_id = {PERSON}::bigint)"
# Above home: the one record that somebody gave a reason to read, and only to read. That it is for
# a day the first wall knows.
OPENED = f"""
CREATE POLICY opened ON talent_talentrecord FOR SELECT USING (agreed <> 'none' AND id IN (
    SELECT record_id FROM talent_opening WHERE user_id = {PERSON}::bigint))
"""


def first_terms(apps, schema_editor):
    from talent.pool.vocabulary import first_terms

    terms = apps.get_model("talent", "SkillTerm").objects
    for name, others in first_terms().items():
        terms.get_or_create(name=name, defaults={"others": others})


class Migration(migrations.Migration):
    dependencies = [("talent", "0003_pool")]
    operations = [
        wall("talent_talentrecord", RECORD),
        migrations.RunSQL(OPENED, "DROP POLICY opened ON talent_talentrecord"),
        wall("talent_stagechange", OF_RECORD),
        wall("talent_followup", OF_RECORD),
        wall("talent_opening", f"{HOME} OR {IS_PERSON.format(column='user_id')}"),
        wall("talent_likeness", HOME),
        wall("talent_sheet", HOME),
        wall("talent_stagedrow", HOME),
        wall("talent_poolexport", HOME),
        wall("talent_columnhabit", HOME),
        wall("talent_donotcontact", HOME),
        wall("talent_savedsearch"),
        open_to_read("talent_offer"),
        migrations.RunPython(first_terms, migrations.RunPython.noop),
    ]
