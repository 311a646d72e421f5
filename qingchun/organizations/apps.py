from django.apps import AppConfig
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_migrate, pre_migrate


def prepare_telling(plan=None, **how):
    """Data migrations see every row, whatever walls the version before had: they run as the owner,
    whom no wall stands before until all is built anew."""
    from qingchun.organizations import policies, sealed

    with connection.cursor() as cursor:
        sealed.prepare(cursor)
        if plan:
            policies.open_to_owner(cursor)
    connection.qingchun_migrates = True


def build_walls(plan=None, **how):
    """Once every table is as the models have it; emptying tables after a test changes no wall."""
    from qingchun.organizations import indexes, policies, revisions

    connection.qingchun_migrates = False
    if plan is None:
        return
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        policies.build()
        revisions.build()
        indexes.drop_twins()
        call_command("roles", verbosity=0)


class OrganizationsConfig(AppConfig):
    name = "qingchun.organizations"
    verbose_name = "团组织"

    def ready(self):
        from qingchun.ground.portal import portals
        from qingchun.organizations import checks  # noqa: F401

        portals()  # what an app says wrongly is said at the start

        pre_migrate.connect(prepare_telling, sender=self)
        post_migrate.connect(build_walls, sender=self)
