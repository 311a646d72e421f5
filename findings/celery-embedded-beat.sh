#!/bin/bash
# Celery 5.7.0: the beat inside a worker ("worker --beat") is missed by nobody when it ends.
#
# The beat is a process of its own, forked by the worker. Where it ends before the worker does (out of
# memory, an error of its scheduler), the worker neither begins another nor ends, and its log does not
# have a word of it: tasks that are sent go on being done, and nothing that the schedule has comes any more.
# Whoever supervises the worker sees it run. A bootstep that waits for worker.beat and begins it anew
# is a dozen lines.
#
# Seen: ticks while the beat runs, none in five seconds after it was ended, the worker alive, its log silent.
set -euo pipefail
folder=$(mktemp -d)
worker=
finish() {
    if [ -n "$worker" ]; then kill -TERM "$worker" 2>/dev/null || true; wait "$worker" 2>/dev/null || true; fi
    rm -rf "$folder"
}
trap finish EXIT
cd "$folder"
python3 -m venv venv
install() { timeout 300 venv/bin/pip install --quiet --disable-pip-version-check "$@"; }
install celery==5.7.0 kombu==5.7.0 || install celery==5.7.0 kombu==5.7.0
mkdir messages control
cat > clock.py <<'PY'
from celery import Celery

app = Celery("clock", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "control",
}
app.conf.beat_schedule = {"tick": {"task": "clock.tick", "schedule": 1}}

@app.task
def tick():
    with open("ticks", "a") as file:
        file.write(".")
PY
venv/bin/python -W ignore -m celery --app clock worker --beat --pool solo --loglevel info \
    --without-mingle --without-gossip >log 2>&1 &
worker=$!
ticks() { cat ticks 2>/dev/null | wc -c; }
for _ in $(seq 60); do [ "$(ticks)" -ge 3 ] && break; sleep 1; done
before=$(ticks)
beat=$(cat /proc/$worker/task/*/children | xargs)  # with --pool solo it is the only one
kill -KILL "$beat"
sleep 3  # what was on its way is done
lines=$(wc -l <log) known=$(ticks)
sleep 5
after=$(ticks)
alive=$(kill -0 "$worker" && echo yes)
left=
for child in $(cat /proc/$worker/task/*/children); do  # the dead one lies there, never waited for
    [ "$(sed 's/.*) //' "/proc/$child/stat" | cut -c1)" = Z ] || left="$left $child"
done
said=$(tail -n +$((lines + 1)) log | grep -ciE "beat|exit|kill|died|lost" || true)
echo "celery 5.7.0: ticks before $before, in five seconds after the beat was ended $((after - known))," \
    "worker alive: $alive, another beat: ${left:-none}, lines of its log about it: $said"
[ "$before" -ge 3 ] && [ "$after" = "$known" ] && [ "$alive" = yes ] && [ -z "$left" ] && [ "$said" = 0 ]
