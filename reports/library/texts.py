"""What somebody agrees to before their story is published. A text that was used is never changed."""

from qingchun.ground.province import HOME

EXEMPLAR_TEXTS = {
    1: f"我同意家乡团组织把写好的姓名、事迹和照片逐级报给团市委、团省委，由团省委在{HOME.action}网页上公开，"
    "用来说说回乡青年在做什么。手机号不公开。我随时可以撤回，撤回后姓名、事迹和照片马上从网页、卡片和"
    "搜索里去掉。",
}
EXEMPLAR_VERSION = max(EXEMPLAR_TEXTS)
