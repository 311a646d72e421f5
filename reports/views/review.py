"""The steps of a paper: each one button, one action, and back to it."""

from campaigns.choices import Purpose
from reports.actions import review
from reports.views.papers import CITY_WRITERS, OF_THE_PROVINCE, SUMMARY_WRITERS, stepping

SENT = "已报送团省委基层组织建设部。审阅开始前可以撤回。"
TAKEN_BACK = "已撤回，可以继续修改。"
STARTED = "审阅已开始，市里暂时不能撤回。"
RETURNED = "{paper}已退回修改。"

submit = stepping(Purpose.PLAN, CITY_WRITERS, review.submit, SENT)
take_back = stepping(Purpose.PLAN, CITY_WRITERS, review.take_back, TAKEN_BACK)
start_review = stepping(Purpose.PLAN, OF_THE_PROVINCE, review.start_review, STARTED)
send_back = stepping(Purpose.PLAN, OF_THE_PROVINCE, review.send_back, RETURNED)
approve = stepping(
    Purpose.PLAN, OF_THE_PROVINCE, review.approve, "{paper}已通过，所选活动已下达到承担单位。"
)
publish = stepping(
    Purpose.PLAN,
    OF_THE_PROVINCE,
    review.publish,
    "{paper}已作为示范发布，责任人姓名和电话没有公开。",
)

submit_summary = stepping(
    Purpose.SUMMARY, SUMMARY_WRITERS, review.submit, "{paper}已报送，数据已封存。"
)
take_back_summary = stepping(Purpose.SUMMARY, SUMMARY_WRITERS, review.take_back, TAKEN_BACK)
start_summary_review = stepping(Purpose.SUMMARY, OF_THE_PROVINCE, review.start_review, STARTED)
send_back_summary = stepping(Purpose.SUMMARY, OF_THE_PROVINCE, review.send_back, RETURNED)
approve_summary = stepping(Purpose.SUMMARY, OF_THE_PROVINCE, review.approve, "{paper}已通过。")
