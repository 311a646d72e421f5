"""Whom the embedded demo knows: its sign-in page, ``make run`` and the demo's own data say the same."""

DEMO_ACCOUNTS = (
    ("province", "团省委管理员：审阅方案，看全省进展"),
    ("city1401", "团太原市委：写方案，看全市进展"),
    ("county140105", "团小店区委：登记活动"),
    ("township140105001", "坞城街道联络员：登记活动"),
    ("youth", "返乡青年"),
)
DEMO_PASSWORD = "qingchun-demo-2019"  # noqa: S105  only ever in the embedded demo
