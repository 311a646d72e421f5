import uuid

import pytest
from django.test import Client

from campaigns.models import Activity, Measure
from qingchun.accounts.actions.credentials import make_token
from tests.walls import jpeg

API = "/api/v1"


@pytest.fixture
def as_zhang(zhang, campaign):
    key = make_token(zhang.acting, name="台账程序")
    return Client(headers={"Authorization": f"Token {key}"})


def entry(campaign, **values):
    facts = {
        "id": str(uuid.uuid4()), "campaign": campaign.pk, "kind": "proxy", "held_on": "2019-01-07",
        "place": "大厅", "participants": 12,
    }  # fmt: skip
    return facts | values


def test_token_logs_an_activity_with_photos_once(as_zhang, campaign):
    sent = entry(campaign) | {"photos": [jpeg(), jpeg()]}
    first = as_zhang.post(f"{API}/activities/", sent)
    assert (first.status_code, len(first.json()["photos"])) == (201, 2)
    again = as_zhang.post(f"{API}/activities/", {k: v for k, v in sent.items() if k != "photos"})
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    assert Activity.objects.get().organization_id == "140105"


def test_same_rules_as_the_page(as_zhang, campaign):
    late = as_zhang.post(f"{API}/activities/", entry(campaign, held_on="2019-03-01"))
    assert (late.status_code, late.json()["detail"]) == (
        409, "日期还没到。活动开展后再登记，请填写今天或以前的日期。",
    )  # fmt: skip
    wrong = as_zhang.post(f"{API}/activities/", entry(campaign, participants=-3))
    assert list(wrong.json()) == ["participants"]
    figures = as_zhang.post(
        f"{API}/activities/",
        entry(campaign, figures={"taken": -1}),
        content_type="application/json",
    )
    assert list(figures.json()) == ["figures"]
    assert not Activity.objects.exists()


def test_what_is_unlikely_is_asked_about_once_as_in_the_form(as_zhang, campaign, log, zhang):
    log(zhang, participants=156, kind=campaign.kinds.get(key="proxy"))
    sent = entry(campaign, participants=999_999)

    def post(**more):
        return as_zhang.post(f"{API}/activities/", sent | more, content_type="application/json")

    answer = post()
    assert answer.status_code == 409
    assert answer.json() == {
        "detail": "请核对下面问的。没有写错的，把各个 token 放进 sure 再提交。",
        "questions": [{
            "token": "crowd:999999",
            "text": "999999 比本县以往最多的一场（156）多很多，是 999999 吗？",
            "yes": "是 999999，没有写错",
        }],
    }  # fmt: skip
    assert post(sure=["crowd:999998"]).status_code == 409
    assert not Activity.objects.filter(participants=999_999).exists()
    assert post(sure=["crowd:999999", "made:up"]).status_code == 201
    kept = Activity.objects.get(participants=999_999)
    assert {token: said["by"] for token, said in kept.sure.items()} == {"crowd:999999": zhang.name}
    assert post().status_code == 200  # not twice
    # A correction is made on the page, which asks: nothing goes around it.
    change = f"{API}/activities/{kept.pk}/"
    for way in (as_zhang.put, as_zhang.patch):
        assert way(change, sent, content_type="application/json").status_code == 405


def test_figures_and_the_same_once_more_are_asked_about_too(as_zhang, campaign):
    kind = campaign.kinds.get(key="proxy")
    Measure.objects.create(kind=kind, key="men", label="男青年", unit="人", position=9)
    first = entry(campaign, participants=5000, figures={"men": 4000}, sure=["crowd:5000"])
    answer = as_zhang.post(f"{API}/activities/", first, content_type="application/json")
    assert [one["token"] for one in answer.json()["questions"]] == ["figure-men:4000"]
    # Two answers of a form, as they come with pictures.
    plain = entry(campaign, participants=5000, sure=["crowd:5000", "figure-men:4000"])
    assert as_zhang.post(f"{API}/activities/", plain).status_code == 201
    again = as_zhang.post(f"{API}/activities/", entry(campaign)).json()
    assert [one["yes"] for one in again["questions"]] == ["是另一场"]
    token = f"twice:{kind.pk}:2019-01-07:大厅"
    assert again["questions"][0]["token"] == token
    assert as_zhang.post(f"{API}/activities/", entry(campaign, sure=token)).status_code == 201


def test_neighbour_who_knows_an_entrys_number_learns_nothing_of_the_entry(
    as_zhang, campaign, log, sun
):
    """The number is made at random by a browser, and is no secret between counties."""
    theirs = log(sun)
    answer = as_zhang.post(f"{API}/activities/", entry(campaign, id=str(theirs.pk)))
    assert answer.status_code == 409
    assert theirs.title not in answer.content.decode()
    absent = as_zhang.get(f"{API}/activities/{uuid.uuid4()}/")
    there = as_zhang.get(f"{API}/activities/{theirs.pk}/")
    assert (
        (there.status_code, there.content)
        == (absent.status_code, absent.content)
        == (404, absent.content)
    )


def test_unit_cannot_be_named_by_the_sender(as_zhang, campaign):
    as_zhang.post(f"{API}/activities/", entry(campaign, organization="140106"))
    assert Activity.objects.get().organization_id == "140105"


def test_list_holds_what_the_post_sees(as_zhang, log, zhang, sun):
    log(zhang)
    log(sun)
    found = as_zhang.get(f"{API}/activities/").json()
    assert [row["organization"] for row in found["results"]] == ["140105"]
    codes = [
        row["code"] for row in as_zhang.get(f"{API}/organizations/?level=county").json()["results"]
    ]
    assert codes == ["140105"]


def test_forged_token_is_refused(db):
    answer = Client(headers={"Authorization": "Token forged"}).get(f"{API}/activities/")
    assert answer.status_code == 401
    assert "接口密钥无效" in answer.json()["detail"]


def test_token_ends_with_the_post(as_zhang, zhang):
    zhang.memberships.update(state="suspended")
    assert as_zhang.get(f"{API}/activities/").status_code == 401


def test_plan_goes_its_road_by_api(client, plan, wang, li):
    def take(user, step, **given):
        client.force_login(user)
        url = f"{API}/plans/{plan.pk}/steps/{step}/"
        answer = client.post(url, given, content_type="application/json")
        return answer.json().get("state") or answer.status_code

    assert [take(wang, "submit"), take(wang, "submit"), take(wang, "approve")] == [
        "submitted", 409, 403,
    ]  # fmt: skip
    assert [take(li, "review"), take(li, "send-back", remarks={"text": "改"})] == [
        "in_review", "returned",
    ]  # fmt: skip
    assert [take(wang, "submit"), take(li, "review"), take(li, "approve")] == [
        "submitted", "in_review", "approved",
    ]  # fmt: skip


def test_counts_and_campaigns(as_zhang, log, zhang, campaign):
    log(zhang)
    count = as_zhang.get(f"{API}/counts/?campaign={campaign.pk}").json()["results"][0]
    assert (count["organization"], count["kind"], count["activities"]) == ("140105", "proxy", 1)
    edition = as_zhang.get(f"{API}/campaigns/{campaign.pk}/").json()
    assert (len(edition["kinds"]), len(edition["stages"]), len(edition["deadlines"])) == (10, 3, 2)


def test_schema_describes_every_path(as_zhang):
    text = as_zhang.get(f"{API}/schema/").content.decode()
    for path in ("activities", "plans", "counts", "campaigns", "organizations"):
        assert f"/api/v1/{path}/" in text


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same(as_zhang, log, zhang, django_assert_num_queries, rows):
    for _ in range(rows):
        log(zhang)
    as_zhang.get(f"{API}/activities/")  # the use of a key is noted once a minute
    with django_assert_num_queries(11):
        as_zhang.get(f"{API}/activities/")
