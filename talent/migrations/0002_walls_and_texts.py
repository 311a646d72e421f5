from django.conf import settings
from django.db import migrations

from qingchun.organizations.rls import CLERK, IN_SCOPE, IS_PERSON, NEAR_HOME, PERSON, SCOPE, open_to_read, wall

YOUTH = f"{NEAR_HOME.format(column='organization_id')} OR {IS_PERSON.format(column='user_id')} OR {CLERK}"
OF_YOUTH = (
    f"{NEAR_HOME.format(column='organization_id')} OR {CLERK}"
    f" OR youth_id IN (SELECT id FROM talent_youth WHERE user_id = {PERSON}::bigint)"
)
# Whoever it lies with; home; the unit above once it is late; the asker, wherever it went.
QUESTION = (
    f"{NEAR_HOME.format(column='organization_id')} OR organization_id = {SCOPE}"
    f" OR (risen_at IS NOT NULL AND {IN_SCOPE.format(column='organization_id')})"
    f" OR {IS_PERSON.format(column='asker_id')} OR {CLERK}"
)
REPLY = (
    f"{NEAR_HOME.format(column='organization_id')} OR organization_id = {SCOPE} OR {CLERK}"
    f" OR question_id IN (SELECT id FROM talent_question WHERE asker_id = {PERSON}::bigint"
    " OR risen_at IS NOT NULL)"
)


def first_texts(apps, schema_editor):
    from talent.youth.texts import FIRST

    texts = apps.get_model("talent", "ConsentText").objects
    for purpose, text in FIRST.items():
        text = text.format(days=settings.YOUTH_RETENTION_DAYS, papers=settings.PAPERS_KEPT_DAYS)
        texts.get_or_create(purpose=purpose, version=1, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("talent", "0001_initial"), ("socialaccount", "0001_initial")]
    operations = [
        wall("talent_youth", YOUTH),
        wall("talent_checkin", OF_YOUTH),
        wall("talent_consent", OF_YOUTH),
        wall("talent_contact", OF_YOUTH),
        wall("talent_groupmember", OF_YOUTH),
        wall("talent_question", QUESTION),
        wall("talent_reply", REPLY),
        open_to_read("talent_liaisongroup"),
        open_to_read("talent_groupnote"),
        open_to_read("talent_hometown"),
        open_to_read("talent_posting"),
        open_to_read("talent_publishedanswer"),
        migrations.RunPython(first_texts, migrations.RunPython.noop),
    ]
