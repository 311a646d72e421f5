from django.db import migrations, models
from django.db.models import F, Q

from qingchun.accounts.phones import phone_mark
from qingchun.organizations.rewriting import rewrite
from qingchun.ground.sealed_fields import open_number, open_text, seal_number, seal_text

PHONE, WORDS = "talent phone", "account words"
TO_SEAL = "phone_plain <> '' AND phone_sealed = ''"
TO_OPEN = "phone_sealed <> '' AND coalesce(phone_plain, '') = ''"
# A landline has at most twenty characters, and is longer than that when it is sealed.
PLAIN, SEALED = "length(landline) BETWEEN 1 AND 20", "length(landline) > 20"
# As before: a proof is of one number. What PostgreSQL makes out of a row, the mark, it has not made
# yet when it asks.
FORGET_PROOF = """
    CREATE FUNCTION accounts_forget_proof() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.phone_proved_mark := NULL;
        NEW.phone_proved_at := NULL;
        NEW.phone_proof := '';
        RETURN NEW;
    END $$;
    CREATE TRIGGER forget_proof BEFORE INSERT OR UPDATE ON accounts_user
    FOR EACH ROW WHEN (
        NEW.phone_proved_mark IS NOT NULL AND (
            NEW.phone_sealed = '' OR NEW.phone_proved_mark IS DISTINCT FROM
            ('x' || encode(substring(NEW.phone_sealed FROM 1 FOR 8), 'hex'))::bit(64)::bigint
        )
    )
    EXECUTE FUNCTION accounts_forget_proof()
"""
NO_TRIGGER = "DROP TRIGGER forget_proof ON accounts_user; DROP FUNCTION accounts_forget_proof();"


def seal_all(apps, editor):
    rewrite(
        editor.connection, "accounts_user", "phone_plain, proved_plain",
        {"phone_sealed": "bytea", "phone_proved_mark": "bigint"},
        lambda phone, proved: (seal_number(phone, PHONE), phone_mark(proved) if proved else None),
        TO_SEAL,
    )  # fmt: skip
    rewrite(
        editor.connection, "accounts_user", "landline", {"landline": "text"},
        lambda landline: (seal_text(landline, WORDS),), PLAIN,
    )  # fmt: skip
    rewrite(
        editor.connection, "accounts_invitation", "phone_plain", {"phone_sealed": "bytea"},
        lambda phone: (seal_number(phone, PHONE),), TO_SEAL,
    )  # fmt: skip


def _opened(sealed, proved):
    number = open_number(sealed, PHONE)
    return number, "" if proved is None else number


def open_all(apps, editor):
    rewrite(
        editor.connection, "accounts_user", "phone_sealed, phone_proved_mark",
        {"phone_plain": "text", "proved_plain": "text"}, _opened, TO_OPEN,
    )  # fmt: skip
    rewrite(
        editor.connection, "accounts_user", "landline", {"landline": "text"},
        lambda sealed: (open_text(sealed, WORDS),), SEALED,
    )  # fmt: skip
    rewrite(
        editor.connection, "accounts_invitation", "phone_sealed", {"phone_plain": "text"},
        lambda sealed: (open_number(sealed, PHONE),), TO_OPEN,
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # stopped halfway, it goes on where it was
    dependencies = [("accounts", "0011_sealed_numbers")]
    operations = [
        migrations.RunPython(seal_all, open_all),
        migrations.RemoveField("user", "phone_plain"),
        migrations.RemoveField("user", "proved_plain"),
        migrations.RemoveField("invitation", "phone_plain"),
        migrations.AddIndex(
            "user",
            models.Index(
                fields=["phone_proved_mark"],
                name="accounts_user_proved",
                condition=Q(phone_proved_mark__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                name="accounts_proof_is_of_the_number",
                condition=Q(phone_proved_mark=None, phone_proved_at=None)
                | Q(phone_proved_mark=F("phone_mark"), phone_proved_at__isnull=False),
            ),
        ),
        migrations.RunSQL(FORGET_PROOF, NO_TRIGGER),
    ]
