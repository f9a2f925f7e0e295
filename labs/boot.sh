#!/usr/bin/env bash
# The package in a machine that boots: a container with systemd of its own (systemd-nspawn) over a copy of this host's
# files that lives in memory. There it is installed, used, broken, upgraded, removed and purged.
# One line a check, the counts last: "N passed, N failed, N skipped". Needs root; without it, all is skipped.
#
#   boot.sh [PACKAGE]     waybill_*.deb of .build/package when none is named (`make package` makes it)
#
# Nothing of it reaches the host: files, mounts, network and processes end with the container.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
total=45

finish_skipped() { # WHY
    echo "skipped boot: $1"
    echo "0 passed, 0 failed, $total skipped"
    exit 0
}

if [ "${1:-}" != --in-namespace ]; then
    package=${1:-$(find "$here/../.build/package" -name 'waybill_*.deb' 2>/dev/null | head -n 1)}
    if [ ! -r "$package" ]; then
        echo "boot.sh: there is no package: run 'make package' first" >&2
        exit 1
    fi
    [ "$(id -u)" = 0 ] || finish_skipped "containers need root"
    command -v systemd-nspawn >/dev/null || finish_skipped "there is no systemd-nspawn"
    command -v dpkg-deb >/dev/null || finish_skipped "this is no Debian"
    # The mounts that it makes end with it, whatever happens.
    exec unshare --mount --propagation private -- "${BASH_SOURCE[0]}" --in-namespace "$(readlink -f "$package")"
fi
package=$2
machine=wbboot$((BASHPID % 100000))
scratch=$(mktemp -d)
root=$scratch/root
groups=()
nspawn='' leader='' nat=yes
passed=0 failed=0 skipped=0

clean_up() {
    local group deadline=$((SECONDS + 10))
    trap - EXIT INT TERM
    if [ -n "$nspawn" ]; then
        kill -TERM "$nspawn" 2>/dev/null || true
        while kill -0 "$nspawn" 2>/dev/null && ((SECONDS < deadline)); do sleep 0.1; done
        kill -KILL "$nspawn" ${leader:+"$leader"} 2>/dev/null || true
        wait "$nspawn" 2>/dev/null || true
    fi
    for group in "${groups[@]}"; do
        find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
    done
    umount --lazy "$root" "$scratch" 2>/dev/null || true
    rmdir "/run/systemd/nspawn/propagate/$machine" "$scratch" 2>/dev/null || true
}

finish() {
    local status=$?
    clean_up
    if [ "$status" != 0 ]; then
        echo "FAILED boot: stopped before the end"
        failed=$((failed + 1))
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

outcome() { # WHAT FAILURE, which is empty when all is well
    if [ -z "$2" ]; then
        passed=$((passed + 1))
        echo "ok     boot: $1"
    else
        failed=$((failed + 1))
        echo "FAILED boot: $1: $2"
    fi
}

skip() { # WHAT WHY
    skipped=$((skipped + 1))
    echo "skipped boot: $1: $2"
}

# A command in the container, as root there.
inside() {
    nsenter --target "$leader" --mount --uts --ipc --net --pid --root --wd -- \
        env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 TERM=dumb DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}

as() { # USER COMMAND...
    local user=$1
    shift
    inside setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
}

# What fails shows in the checks that follow.
control() { # ARGUMENT...
    inside systemctl "$@" >/dev/null 2>&1 || true
}

property() { # NAME [UNIT]
    inside systemctl show --value --property="$1" "${2:-waybilld.service}"
}

# Expects WHAT to be so: the words are equal.
equal() { # WHAT EXPECTED ACTUAL
    outcome "$1" "$([ "$2" = "$3" ] || echo "expected '$2', there is '$3'")"
}

# Expects TEXT to have PATTERN (an extended regular expression).
says() { # WHAT PATTERN TEXT
    outcome "$1" "$(grep -qE -- "$2" <<<"$3" || echo "nothing matches '$2' in: ${3:-nothing at all}")"
}

# True once COMMAND succeeds, which it has SECONDS to do.
within() { # SECONDS COMMAND...
    local deadline=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

# Expects COMMAND to succeed within SECONDS.
becomes() { # WHAT SECONDS COMMAND...
    local what=$1 output=''
    within "${@:2}" || output=$("${@:3}" 2>&1 | tail -n 3) || true
    outcome "$what" "$("${@:3}" >/dev/null 2>&1 || echo "not after $2 s: ${output:-${*:3}}")"
}

has_property() { # NAME VALUE [UNIT]
    [ "$(property "$1" "${3:-}")" = "$2" ]
}

answers() {
    inside waybill status
}

journal() {
    inside journalctl --unit=waybilld.service --output=cat --no-pager "$@"
}

mark() { # a place in the journal
    inside journalctl --lines=0 --show-cursor --quiet | sed -n 's/^-- cursor: //p'
}

# Every file that is not the host's: those of the layer above, and of /run. Not what others write all the time.
files() {
    local path
    (
        cd "$scratch/upper"
        find . \( -path ./var/log -o -path ./var/cache -o -path ./var/lib/apt -o -path './var/lib/dpkg/*-old' \
            -o -path ./var/lib/systemd/timers -o -path ./var/lib/PackageKit -o -path ./tmp -o -path ./var/tmp -o -path ./root \) -prune -o -print
    ) | while read -r path; do
        [ -e "/$path" ] || [ -L "/$path" ] || echo "${path#.}"
    done
    inside find /run -name '*waybill*'
}

# --- the container -----------------------------------------------------------------------------------------------

# The host's files below, what is written above in memory. Its services, daemon and policy stay out of it.
make_root() {
    mount -t tmpfs -o size=2g,mode=755 waybill-boot "$scratch"
    mkdir "$scratch/upper" "$scratch/work" "$root"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$scratch/upper,workdir=$scratch/work" "$root" || return
    rm -rf "$root"/etc/systemd/system/* "$root"/etc/machine-id "$root"/var/lib/systemd/random-seed \
        "$root"/usr/sbin/policy-rc.d "$root"/var/log/journal "$root"/etc/fstab "$root"/etc/nftables.conf
    : >"$root/etc/machine-id"
    : >"$root/etc/fstab"
    if [ -e "$root/var/lib/dpkg/info/waybill.list" ]; then
        chroot "$root" dpkg --purge waybill >/dev/null 2>&1
    fi
    chroot "$root" sh -c 'userdel waybill; groupdel waybill; useradd stranger; useradd member' >/dev/null 2>&1 || true
    cp "$package" "$root/root/waybill.deb"
}

boot() {
    local hierarchy options=()
    if [ ! -d /run/systemd/system ]; then
        # No systemd to ask for a control group: one is made, in each hierarchy that systemd uses.
        options+=(--keep-unit)
        for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
            if [ -e "$hierarchy/cgroup.procs" ] && mkdir "$hierarchy/$machine" 2>/dev/null; then
                groups+=("$hierarchy/$machine")
            fi
        done
    fi
    (
        for hierarchy in "${groups[@]}"; do
            echo "$BASHPID" >"$hierarchy/cgroup.procs"
        done
        exec systemd-nspawn --quiet --register=no "${options[@]}" --private-network --boot --machine="$machine" \
            --directory="$root" --console=pipe --capability=CAP_NET_ADMIN,CAP_PERFMON,CAP_BPF,CAP_SYS_PTRACE \
            --system-call-filter="perf_event_open bpf" systemd.unit=multi-user.target
    ) </dev/null >"$scratch/console" 2>&1 &
    nspawn=$!
    within 20 find_leader || return
    within 40 has_booted || return
    # A container has none of its own.
    inside mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null || true
    # A peer: a namespace of its own with a server, which is also reached by another address that NAT makes of it.
    inside sh -ec '
        ip netns add peer
        ip link add eth0 type veth peer name eth0 netns peer
        ip address add 192.0.2.1/24 dev eth0
        ip -n peer address add 192.0.2.2/24 dev eth0
        ip link set eth0 up
        ip -n peer link set eth0 up'
    inside systemd-run --quiet --unit=server -- ip netns exec peer \
        python3 -m http.server --bind 192.0.2.2 --directory /usr/share/doc/base-files 8080
    echo 'table ip lab { chain output { type nat hook output priority -100; ip daddr 192.0.2.80 tcp dport 80 dnat to 192.0.2.2:8080; }; }' \
        >"$root/root/nat.nft"
    inside nft --file /root/nat.nft || nat=''
}

find_leader() {
    leader=$(pgrep --parent "$nspawn" --exact systemd)
}

has_booted() {
    [[ $(inside systemctl is-system-running 2>/dev/null) =~ ^(running|degraded)$ ]]
}

make_root || finish_skipped "overlayfs is not to be had over this root"
began=$SECONDS
if boot; then
    outcome "a container boots ($((SECONDS - began)) s)" ""
else
    outcome "a container boots" "$(tail -n 5 "$scratch/console")"
    exit 1
fi

# --- installed ---------------------------------------------------------------------------------------------------

files | LC_ALL=C sort >"$scratch/before"
says "apt installs the package" "Setting up waybill" \
    "$(inside apt-get install --yes --quiet /root/waybill.deb 2>&1)"
equal "it runs and will at the next boot" "active enabled" \
    "$(property ActiveState) $(inside systemctl is-enabled waybilld.service)"
equal "it told systemd when it was ready" "notify main" "$(property Type) $(property NotifyAccess)"
says "the unit's limits hold" "^30s$" "$(property WatchdogUSec)"
# The five that the unit names, by their numbers in linux/capability.h: 2, 12, 13, 19, 38.
says "it is nobody that could become more" "CapBnd:\s0000004000083004 NoNewPrivs:\s1 Seccomp:\s2" \
    "$(inside grep -E '^(CapBnd|NoNewPrivs|Seccomp):' "/proc/$(property MainPID)/status" | paste -sd ' ')"
says "it is exposed as docs/security.md says" " 2\.1 " "$(inside systemd-analyze security --no-pager waybilld.service | tail -n 1)"
equal "the socket is for the group" "660 waybill:waybill socket" \
    "$(inside stat --format='%a %U:%G %F' /run/waybill/waybill.sock)"
equal "its history is its own" "750 waybill:waybill" "$(inside stat --format='%a %U:%G' /var/lib/waybill)"
says "user and group are there" "waybill" "$(inside getent passwd waybill) $(inside getent group waybill)"

# --- used --------------------------------------------------------------------------------------------------------

# The request of USER's curl, when there is one and whoever asks with COMMAND (root without one) may see it.
request() { # USER [COMMAND...]
    local asking=("${@:2}")
    [ "${#asking[@]}" -gt 0 ] || asking=(inside)
    "${asking[@]}" waybill list --format ndjson --where "process = curl and user = $1" | grep .
}

# The whole of it in words.
shown() { # USER
    local id
    id=$(request "$1" | grep -o '"id":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
    inside waybill show --plain "$id" 2>&1 | tr '\n' ' '
}

becomes "a server answers" 10 inside curl --silent --output /dev/null http://192.0.2.2:8080/
becomes "the request is seen" 10 request root
says "with the process that made it" "process: ok, curl \([0-9]+\), user root" "$(shown root)"
if [ -n "$nat" ]; then
    as member curl --silent --output /dev/null http://192.0.2.80/ || true
    becomes "a request through NAT is seen" 10 request member
    says "with the rule that did it" "translation: ok.* by rule .* dnat to 192.0.2.2:8080" "$(shown member)"
else
    skip "a request through NAT is seen" "this kernel has no NAT for nftables"
    skip "with the rule that did it" "this kernel has no NAT for nftables"
fi
says "nothing that it asks the kernel for is refused" "none lost" "$(inside waybill doctor 2>&1)"

status=0
refusal=$(as stranger waybill list 2>&1) || status=$?
equal "who is not in the group is refused" 77 "$status"
says "in a sentence that says what helps" "is for group waybill, and you are not in it; .sudo usermod -aG waybill stranger. helps" "$refusal"
inside usermod --append --groups waybill member
says "a member sees what was seen" "curl" "$(as member waybill list 2>&1)"

cp "$root/etc/waybill/waybill.yaml" "$scratch/waybill.yaml"
inside sed -i -e '/^  access:/d' -e 's/^socket:$/&\n  access: own/' /etc/waybill/waybill.yaml
control restart waybilld.service
equal "access: own opens the socket to everybody" "666 waybill:waybill" \
    "$(inside stat --format='%a %U:%G' /run/waybill/waybill.sock)"
as stranger curl --silent --output /dev/null http://192.0.2.2:8080/ || true
inside curl --silent --output /dev/null http://192.0.2.2:8080/ || true
becomes "who is not in the group sees the requests of its own" 10 request stranger as stranger
becomes "a member those of everybody" 10 request root as member
# "kernel" is where the fact comes from.
outcome "and who is not in it no other's" \
    "$(as stranger waybill list --format ndjson | grep -o '"user":"[^"]*"' | grep -vE '"(stranger|kernel)"' | head -n 1)"
cp "$scratch/waybill.yaml" "$root/etc/waybill/waybill.yaml"
control restart waybilld.service

# The port for metrics, with what the unit needs for it.
cp "$here/../systemd/metrics-port.conf" "$root/root/"
inside install -D -m 644 /root/metrics-port.conf /run/systemd/system/waybilld.service.d/metrics-port.conf
inside sed -i -e '/^  listen:/d' -e 's/^metrics:$/&\n  listen: 127.0.0.1:9495/' /etc/waybill/waybill.yaml
control daemon-reload
control restart waybilld.service
says "metrics can be read at a port on loopback" "^waybill_" "$(inside curl --silent http://127.0.0.1:9495/metrics 2>&1)"
inside rm -r /run/systemd/system/waybilld.service.d
cp "$scratch/waybill.yaml" "$root/etc/waybill/waybill.yaml"
control daemon-reload
control restart waybilld.service

# --- its life ----------------------------------------------------------------------------------------------------

# WatchdogSec=2s in the place of 30 s, so that the check need not wait so long.
inside mkdir -p /run/systemd/system/waybilld.service.d
printf '[Service]\nWatchdogSec=2s\nRestartSec=100ms\n' >"$root/root/watchdog.conf"
inside cp /root/watchdog.conf /run/systemd/system/waybilld.service.d/
control daemon-reload
control restart waybilld.service
stopped=$(property MainPID)
pinged=$(property WatchdogTimestampMonotonic)
has_pinged() { [ "$(property WatchdogTimestampMonotonic)" -gt "$pinged" ] && has_property MainPID "$stopped"; }
becomes "the watchdog hears from it" 5 has_pinged
inside kill -STOP "$stopped" || true
is_another() { [ "$(property MainPID)" != "$stopped" ] && has_property ActiveState active && answers; }
becomes "a daemon that hangs is ended and started again" 15 is_another
inside rm -r /run/systemd/system/waybilld.service.d
control daemon-reload
control restart waybilld.service

before=$(property MainPID)
place=$(mark)
inside sed -i 's/^  level: info/  level: debug/' /etc/waybill/waybill.yaml
equal "reload takes a good configuration" 0 "$(inside systemctl reload waybilld.service >/dev/null 2>&1 && echo 0)"
is_reloaded() { journal --after-cursor="$place" | grep -q "was read again"; }
becomes "and says that it holds now" 5 is_reloaded
inside sh -c 'echo "nonsense: yes" >>/etc/waybill/waybill.yaml'
place=$(mark)
equal "reload refuses a broken one" "refused" "$(inside systemctl reload waybilld.service >/dev/null 2>&1 || echo refused)"
says "with file, line and key" "waybill.yaml:[0-9]+.*nonsense" "$(journal --after-cursor="$place")"
inside kill -HUP "$before" || true
says "and the old one stays in force" "has been watching" "$(inside waybill status 2>&1)"
says "which doctor tells" "configuration +.*nonsense" "$(inside waybill doctor 2>&1 | tr '\n' ' ')"
equal "without a restart" "$before" "$(property MainPID)"
inside sed -i '/^nonsense/d' /etc/waybill/waybill.yaml

control restart waybilld.service
says "restarted, it answers" "has been watching" "$(inside waybill status 2>&1)"
control stop waybilld.service
equal "stopped, it ended well and took its socket along" "inactive success" \
    "$(property ActiveState) $(property Result)$(inside ls /run/waybill)"

control enable --quiet --now waybilld.socket
equal "systemd holds the socket" "660 root:waybill inactive" \
    "$(inside stat --format='%a %U:%G' /run/waybill/waybill.sock) $(property ActiveState)"
says "the first client starts the daemon" "has been watching" "$(as member waybill status 2>&1)"
equal "which leaves the socket as it was" "660 root:waybill active" \
    "$(inside stat --format='%a %U:%G' /run/waybill/waybill.sock) $(property ActiveState)"
control restart waybilld.service
says "and finds it again when it restarts" "has been watching" "$(inside waybill status 2>&1)"

# --- and its end -------------------------------------------------------------------------------------------------

# The same package with a higher version.
upgraded() {
    dpkg-deb --raw-extract "$package" "$scratch/upgrade"
    sed -i 's/^Version: .*/&+upgrade/' "$scratch/upgrade/DEBIAN/control"
    dpkg-deb --build -Znone "$scratch/upgrade" "$root/root/upgrade.deb" >/dev/null
    rm -r "$scratch/upgrade"
}
upgraded
before=$(property MainPID)
equal "an upgrade is installed" 0 "$(inside dpkg --install --force-confold /root/upgrade.deb >/dev/null 2>&1 && echo 0)"
equal "and runs, with the socket still there" "active active another" \
    "$(property ActiveState) $(property ActiveState waybilld.socket) $([ "$(property MainPID)" = "$before" ] || echo another)"
inside dpkg --remove waybill >/dev/null 2>&1 || true
equal "removed, it does not run, and only configuration and history stay" "inactive /etc/waybill/waybill.yaml /var/lib/waybill" \
    "$(inside pgrep -x waybilld || echo inactive) $(inside ls -d /usr/sbin/waybilld /lib/systemd/system/waybilld.service /etc/waybill/waybill.yaml /var/lib/waybill 2>/dev/null | paste -sd ' ')"
inside dpkg --purge waybill >/dev/null 2>&1 || true
files | LC_ALL=C sort >"$scratch/after"
outcome "purged, it leaves no file" "$(LC_ALL=C comm -13 "$scratch/before" "$scratch/after" | head -n 5 | paste -sd ' ')"
equal "no user, no group and no unit" "" \
    "$(inside getent passwd waybill; inside getent group waybill; inside systemctl list-units --all --no-legend 'waybill*')"

printf '#!/bin/sh\nexit 101\n' >"$root/root/policy"
inside install -m 755 /root/policy /usr/sbin/policy-rc.d
inside dpkg --install /root/waybill.deb >/dev/null 2>&1 || true
equal "where policy-rc.d forbids it, nothing is started" "inactive enabled" \
    "$(property ActiveState) $(inside systemctl is-enabled waybilld.service)"
