"""The province's templates of common items, as they stand until the province rewrites them.

What a law demands in person is said so: both people for a marriage, fingerprints for an identity
card, the medical check for a licence.
"""

from typing import Any

from services.proxy.choices import (
    Beneficiary,
    ByWhom,
    Category,
    Form,
    Office,
    Possible,
)
from services.proxy.models import ItemStep, Material

EVERYBODY = [Beneficiary.YOUTH, Beneficiary.ELDER, Beneficiary.CHILD]
ADULTS = [Beneficiary.YOUTH, Beneficiary.ELDER]


def _material(
    name: str, form: Form = Form.ORIGINAL, count: int = 1, note: str = "", waived_by: str = ""
) -> Material:
    return {
        "name": name,
        "form": form.value,
        "count": count,
        "note": note,
        "waived_by": waived_by,
    }


def _step(name: str, by: ByWhom, days: int) -> ItemStep:
    return {"name": name, "by": by.value, "days": days}


TAKE = _step("收齐材料，核对原件", ByWhom.AGENT, 1)
BRING = _step("取回并送到本人手里", ByWhom.AGENT, 1)
CARD = _material("居民身份证", note="在有效期内")
BOOK = _material("户口簿", note="首页和本人页")

TEMPLATES: tuple[dict[str, Any], ...] = (
    {
        "title": "驾驶证期满换证",
        "category": Category.DRIVING,
        "office": Office.TRAFFIC,
        "possible": Possible.ERRAND,
        "for_whom": ADULTS,
        "entitled": "驾驶证有效期满前 90 天内，本省核发或者在本地居住。",
        "materials": [
            CARD,
            _material("驾驶证"),
            _material("身体条件证明", note="县级以上医院体检，要本人去"),
            _material("一寸白底照片", Form.PHOTO, 3),
        ],
        "steps": [
            TAKE,
            _step("本人到医院体检", ByWhom.PERSON, 1),
            _step("递交换证", ByWhom.OFFICE, 1),
            BRING,
        ],
        "latest_days": None,
        "fee": "工本费 10 元",
        "basis": "《机动车驾驶证申领和使用规定》",
        "advice": "体检谁也不能替。有没处理的违章要先处理，可以在“交管 12123”上看。",
    },
    {
        "title": "结婚登记",
        "category": Category.MARRIAGE,
        "office": Office.CIVIL,
        "possible": Possible.SELF,
        "for_whom": [Beneficiary.YOUTH],
        "entitled": "男满 22 周岁、女满 20 周岁，双方自愿，都没有配偶。",
        "materials": [
            CARD,
            BOOK,
            _material("双方合影", Form.PHOTO, 3, "二寸近期半身免冠"),
        ],
        "steps": [
            _step("预约时间，核对材料", ByWhom.AGENT, 1),
            _step("双方到场登记", ByWhom.PERSON, 0),
        ],
        "latest_days": None,
        "fee": "不收费",
        "basis": "《婚姻登记条例》",
        "advice": "必须双方一起到场，不能委托。春节前后人多，先约时间。提倡喜事新办，不要高额彩礼。",
    },
    {
        "title": "补领结婚证",
        "category": Category.MARRIAGE,
        "office": Office.CIVIL,
        "possible": Possible.ERRAND,
        "for_whom": ADULTS,
        "entitled": "结婚证遗失或损毁，婚姻关系还在。",
        "materials": [CARD, BOOK, _material("双方合影", Form.PHOTO, 3)],
        "steps": [
            _step("查婚姻登记档案", ByWhom.AGENT, 2),
            _step("本人到场声明", ByWhom.PERSON, 1),
            _step("补发", ByWhom.OFFICE, 1),
            BRING,
        ],
        "latest_days": None,
        "fee": "不收费",
        "basis": "《婚姻登记条例》",
        "advice": "查档可以代办，补领时的声明要本人签。人在外地回不来的，要办公证的委托书。",
        "second_confirms": True,
    },
    {
        "title": "居民身份证换领",
        "category": Category.IDENTITY,
        "office": Office.POLICE,
        "possible": Possible.ERRAND,
        "for_whom": EVERYBODY,
        "entitled": "有效期满、损坏，或者登记的项目变了。",
        "materials": [BOOK, _material("原身份证", waived_by="已经遗失的")],
        "steps": [
            _step("预约派出所时间", ByWhom.AGENT, 1),
            _step("本人采指纹、拍照", ByWhom.PERSON, 1),
            _step("制证", ByWhom.OFFICE, 15),
            BRING,
        ],
        "latest_days": None,
        "fee": "工本费 20 元",
        "basis": "《中华人民共和国居民身份证法》",
        "advice": "指纹和照片要本人采。领证可以代领。法定 60 日内办结，急用的可以办临时身份证。",
    },
    {
        "title": "城乡居民医保参保登记",
        "category": Category.INSURANCE,
        "office": Office.INSURANCE,
        "possible": Possible.WHOLE,
        "for_whom": EVERYBODY,
        "entitled": "没有参加职工医保的城乡居民。",
        "materials": [
            _material("居民身份证", Form.COPY, note="正反面"),
            _material("户口簿", Form.COPY, note="首页和本人页"),
        ],
        "steps": [TAKE, _step("参保登记", ByWhom.OFFICE, 3), BRING],
        "latest_days": 10,
        "fee": "按当年标准缴费，代办不收费",
        "basis": "《中华人民共和国社会保险法》",
        "advice": "在集中缴费期内办。老人、孩子由家人代为登记的，写明关系就行。",
    },
    {
        "title": "异地就医备案",
        "category": Category.INSURANCE,
        "office": Office.INSURANCE,
        "possible": Possible.ONLINE,
        "for_whom": EVERYBODY,
        "entitled": "已参加医保，到外地长期居住或者转诊。",
        "materials": [_material("居民身份证", Form.COPY)],
        "steps": [
            _step("教您在手机上备案", ByWhom.AGENT, 1),
            _step("审核", ByWhom.OFFICE, 1),
        ],
        "latest_days": None,
        "fee": "不收费",
        "basis": "《中华人民共和国社会保险法》",
        "advice": "备案后在外地住院可以直接结算。",
    },
    {
        "title": "社会保障卡补换",
        "category": Category.SOCIAL,
        "office": Office.LABOUR,
        "possible": Possible.WHOLE,
        "for_whom": EVERYBODY,
        "entitled": "社会保障卡遗失、损坏或者到期。",
        "materials": [
            _material("居民身份证", note="核对后当场退还"),
            _material("一寸白底照片", Form.PHOTO, 1),
        ],
        "steps": [TAKE, _step("制卡", ByWhom.OFFICE, 5), BRING],
        "latest_days": 15,
        "fee": "按当地标准",
        "basis": "《社会保障卡管理办法》",
        "advice": "领到后本人激活才能用。",
    },
    {
        "title": "老年人优待证",
        "category": Category.ALLOWANCE,
        "office": Office.HEALTH,
        "possible": Possible.WHOLE,
        "for_whom": [Beneficiary.ELDER],
        "entitled": "60 周岁以上。",
        "materials": [
            _material("居民身份证", note="核对后当场退还"),
            _material("一寸照片", Form.PHOTO, 2),
        ],
        "steps": [TAKE, _step("发证", ByWhom.OFFICE, 3), BRING],
        "latest_days": None,
        "fee": "不收费",
        "basis": "《山西省实施〈中华人民共和国老年人权益保障法〉办法》",
        "advice": "行动不便的老人，上门取材料、送证。",
    },
    {
        "title": "新生儿户口登记",
        "category": Category.IDENTITY,
        "office": Office.POLICE,
        "possible": Possible.ERRAND,
        "for_whom": [Beneficiary.CHILD],
        "entitled": "父母一方户口在本县。",
        "materials": [
            _material("出生医学证明"),
            _material("父母户口簿", count=2),
            _material("父母结婚证", waived_by="非婚生育的"),
        ],
        "steps": [
            TAKE,
            _step("父母一方到派出所签字", ByWhom.PERSON, 1),
            _step("登记", ByWhom.OFFICE, 1),
            BRING,
        ],
        "latest_days": None,
        "fee": "不收费",
        "basis": "《中华人民共和国户口登记条例》",
        "advice": "出生一个月内登记。签字要父母一方本人去，一次就行。",
    },
)
