"""An empty list says what will stand in it, not only that there is nothing: every page, nothing logged."""

import re

import pytest
from django.test import Client

from campaigns.models import Campaign
from qingchun.organizations.choices import Role
from tests.conftest import auditor, person
from tests.looking import looking
from tests.test_access import arguments, our_routes

# One clause about nothing, and no more: 没有。 还没有登记。 没有等待审阅的方案。
BARE = re.compile(r"^(?:现在|今天|暂时|目前)?(?:还)?(?:没有|暂无)[^，。；、：]*。?$")
ELEMENT = re.compile(r"<(p|li|td)\b[^>]*>((?:(?!<(?:p|li|td)\b).)*?)</\1>", re.DOTALL)
EMPTY = re.compile(r'<div class="q-empty">((?:(?!</section>).)*)', re.DOTALL)
BODY = re.compile(r"<tbody>\s*</tbody>")
# In a cell of figures, where there is none; not a list.
NO_LIST = {"没有登记", "还没有"}


def text_of(markup):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", markup))


def bare(page):
    """What stands there alone where something will be."""
    main = page[page.index("<main") : page.index("</main>")]
    found = [text_of(inside) for _, inside in ELEMENT.findall(main)]
    said = [text for text in found if BARE.match(text) and text not in NO_LIST]
    # Where a button says what to do next it is said.
    helped = " ".join(text_of(one) for one in EMPTY.findall(main) if re.search(r"<a |<button", one))
    said = [text for text in said if text not in helped]
    return said + ["a table without a row" for _ in BODY.findall(main)]


@pytest.mark.parametrize("with_edition", [False, True])
def test_empty_lists_say_what_will_be_there(
    request, db, winter, li, wang, zhang, zhao, chen, with_edition
):
    if with_edition:
        request.getfixturevalue("campaign")
    checker = auditor("shen", "审计员", "14", li, person("li2", "李二省", "14", Role.ADMIN))
    wrong, seen = [], 0
    for user in (li, wang, zhang, zhao, chen, checker):
        client = Client()
        client.force_login(user)
        for path, name, _ in our_routes():
            if arguments(path) or path.startswith("api/"):
                continue
            answer = client.get(f"/{path}")
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                seen += 1
                wrong += [
                    f"{user.name} /{path} {name}: {text}" for text in bare(answer.content.decode())
                ]
    assert wrong == []
    assert seen > 150
    with looking():
        assert Campaign.objects.count() == with_edition


@pytest.mark.parametrize(
    "text", ["没有。", "还没有登记。", "没有等待审阅的方案。", "今天还没有收退材料。"]
)
def test_a_list_that_only_says_there_is_nothing_is_found(text):
    assert bare(f'<main id="main"><ul><li class="text-2">{text}</li></ul></main>') == [text]
    longer = f'<main><p class="mb-0">{text}各市报送的会列在这里。</p></main>'
    assert bare(longer) == []
    assert bare("<main><table><tbody> </tbody></table></main>") == ["a table without a row"]
