"""Drive a cluster, kill its parts in turn, print what was lost: ``make cluster``.

Ends with status 1 where something acknowledged was lost or doubled, where pages were away longer than
15 seconds, or where the standbys took less than 80% of the boards.
"""

import os
import signal
import sys
import tempfile
import time

from tests.cluster.driving import Crowd
from tests.cluster.machines import Machines

PAGES, WRITES = ("board", "public"), ("write",)
LONGEST, SHARE, SILENT = 15, 80, 60
SCANS = """SELECT coalesce(sum(seq_scan + idx_scan), 0) FROM pg_stat_user_tables
WHERE relname = 'campaigns_tally'"""


class Drill:
    def __init__(self, machines, crowd):
        self.machines, self.crowd, self.wrong = machines, crowd, []

    def kill(self, name, do, mend=lambda: None, seconds=12):
        """Do harm, wait, mend it; print how long nobody got a page, and nobody could write."""
        since, before = time.monotonic(), tick(self.machines)
        do()
        came = self._ticks_after(before)
        time.sleep(max(0, since + seconds - time.monotonic()))
        mend()
        pages, writes = (self.crowd.away(since, what) for what in (PAGES, WRITES))
        failed = self.crowd.failed(since)
        said = "、".join(f"{status or '没有回答'} {n} 次" for status, n in sorted(failed.items()))
        print(
            f"{name:<24}{pages:>8.1f} 秒{writes:>8.1f} 秒{came:>8.1f} 秒   {said or '没有失败'}",
            flush=True,
        )
        if max(pages, writes) > LONGEST:
            self.wrong.append(f"{name}：{max(pages, writes):.1f} 秒没有页面或不能登记")

    def _ticks_after(self, before):
        """Seconds until the next tick came, from whoever is left."""
        since = time.monotonic()
        while time.monotonic() < since + SILENT:
            pulse = self.machines.pulse()
            if "tick" in pulse and pulse["tick"][0] > before:
                return time.monotonic() - since
            time.sleep(0.2)
        self.wrong.append(f"{SILENT} 秒没有定时任务")
        return SILENT


def tick(machines):
    """When it last came; however long the first takes."""
    while "tick" not in (pulse := machines.pulse()):
        time.sleep(0.2)
    return pulse["tick"][0]


def share(machines, crowd):
    """Of all boards that were read just now, how many hundredths by the standbys."""
    crowd.quiet.set()
    time.sleep(3)
    servers = [machines.primary, *machines.standbys]
    before = [server.sql(SCANS, "qingchun")[0][0] for server in servers]
    time.sleep(10)
    crowd.quiet.clear()
    time.sleep(1.5)  # until they have said so
    counted = [s.sql(SCANS, "qingchun")[0][0] - b for s, b in zip(servers, before, strict=True)]
    return 100 * sum(counted[1:]) / max(1, sum(counted))


def drill(machines, crowd):
    it = Drill(machines, crowd)
    print(f"{'停了什么':<22}{'没有页面':>8}{'不能登记':>8}{'没有定时':>8}   没有成的请求")
    it.kill("什么也没停", lambda: None)
    part = share(machines, crowd)
    print(f"备库读了 {part:.0f}% 的看板（要求 {SHARE}%）")
    if part < SHARE:
        it.wrong.append(f"备库只读了 {part:.0f}%")
    web = machines.webs[0]
    it.kill("一台网页 kill -9", web.kill, web.start, 8)
    time.sleep(8)
    jobs = machines.jobs[0]
    machines.scene("ask")
    it.kill("一台后台任务 kill -9", jobs.kill, jobs.start, 6)
    beats = machines.beats()
    it.kill("两个 beat kill -9", lambda: [_end(pid) for pid in beats], seconds=8)
    redis = machines.redis.master()
    it.kill("Redis 主库 kill -9", redis.kill, redis.start)
    behind = machines.standbys[1]
    it.kill("一台备库 kill -9", behind.kill, behind.start, 8)
    store = machines.store.process
    it.kill(
        "对象存储停住", lambda: store.tell(signal.SIGSTOP), lambda: store.tell(signal.SIGCONT), 8
    )
    old = machines.primary

    def fail_over():
        old.kill()
        machines.promote()

    it.kill("主库 kill -9，升备库", fail_over, seconds=20)
    return it.wrong


def _end(pid):
    os.kill(pid, signal.SIGKILL)


def main():
    with tempfile.TemporaryDirectory(prefix="qc-") as folder:
        os.chmod(folder, 0o755)  # noqa: S103 PostgreSQL is another user
        began = time.monotonic()
        with Machines(folder) as machines:
            there = "、".join(
                name for name, is_there in
                (("nginx", machines.front), ("pgbouncer", machines.pooler)) if is_there
            )  # fmt: skip
            print(
                f"起来了，用了 {time.monotonic() - began:.0f} 秒；Debian 的：{there or '都没有装'}"
            )
            scene = machines.scene("make")
            with Crowd(machines.ports, scene) as crowd:
                time.sleep(3)
                wrong = drill(machines, crowd)
            time.sleep(2)
            told = {"entries": crowd.entries, "photos": crowd.photos}
            found = machines.scene("count", told)
            kept = machines.store.names()
            found["lost"] += sum(name not in kept for name in found["files"])
            print(
                f"答应了 {found['entries']} 条登记、{found['photos']} 张照片：丢了 {found['lost']}，"
                f"重复 {found['doubled']}；共 {len(crowd.answers)} 个请求"
            )
            states = [status for status, *_ in found["jobs"]]
            again = sum(attempts > 1 for _, attempts, _ in found["jobs"])
            print(f"要了 {len(states)} 份文件：做成 {states.count('SUCCESSFUL')}，重新做的 {again}")
            if set(states) != {"SUCCESSFUL"} or not {file for *_, file in found["jobs"]} <= kept:
                wrong.append("有的文件没有做成")
            if found["lost"] or found["doubled"] or not found["entries"] or not found["photos"]:
                wrong.append("有丢的、重复的，或者什么也没做成")
    for one in wrong:
        print(f"不合要求：{one}", file=sys.stderr)
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
