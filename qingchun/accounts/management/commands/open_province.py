from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from qingchun.accounts.actions.credentials import password_link
from qingchun.accounts.models import Membership, User
from qingchun.ground.links import link_to
from qingchun.organizations.choices import Role
from qingchun.organizations.walls import PROVINCE, rls_context


class Command(BaseCommand):
    help = "开通第一个省级管理员，给出设置密码的链接。用法：open_province 用户名 姓名"

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名")
        parser.add_argument("name", help="姓名")

    def handle(self, *, username, name, **options):
        try:
            with rls_context(scope=PROVINCE):
                user = User(username=username, name=name, home_id=PROVINCE)
                user.set_unusable_password()
                user.save(force_insert=True)
                Membership.objects.create(user=user, organization_id=PROVINCE, role=Role.ADMIN)
        except IntegrityError:
            raise CommandError("这个用户名已经有了，请换一个。") from None
        link = link_to(f"/accounts/password/{password_link(user)}/")
        self.stdout.write(f"请在浏览器打开：{link}")
