#!/usr/bin/env bash
# Puts the release build into a system, or takes it away: programs, manual pages, completions, units, configuration.
# Called by make, whose variables say where: `make install PREFIX=/usr DESTDIR=/tmp/image`.
#
#   install.sh install | uninstall
#
# A configuration that is there already is left as it is; one that was changed stays at uninstall.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 022

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

: "${BINDIR:?call it with make}" "${SBINDIR:?}" "${MANDIR:?}" "${DOCDIR:?}" "${SYSCONFDIR:?}" "${UNITDIR:?}"
: "${SYSUSERSDIR:?}" "${TMPFILESDIR:?}" "${BASHDIR:?}" "${ZSHDIR:?}" "${FISHDIR:?}" "${PROGRAMS:?}"
root=${DESTDIR:-}
config=$SYSCONFDIR/waybill/waybill.yaml
shells=("bash:$BASHDIR/waybill" "zsh:$ZSHDIR/_waybill" "fish:$FISHDIR/waybill.fish")
documents=(README.md CHANGELOG.md docs/*.md docs/openapi.yaml)

# Every file but the configuration, as SOURCE:PLACE; shells' completions come from the program itself.
files() {
    local page
    for page in docs/man/*.[1-8]; do
        echo "$page:$MANDIR/man${page##*.}/${page##*/}"
    done
    for page in "${documents[@]}"; do
        echo "$page:$DOCDIR/${page##*/}"
    done
    for page in docs/schemas/*.json; do
        echo "$page:$DOCDIR/schemas/${page##*/}"
    done
    for page in systemd/metrics-port.conf config/prometheus/waybill.rules.yml; do
        echo "$page:$DOCDIR/examples/${page##*/}"
    done
    echo "systemd/waybilld.socket:$UNITDIR/waybilld.socket"
    echo "systemd/waybill.sysusers.conf:$SYSUSERSDIR/waybill.conf"
    echo "systemd/waybill.tmpfiles.conf:$TMPFILESDIR/waybill.conf"
}

install_all() {
    local program place entry
    for program in "$PROGRAMS/waybill" "$PROGRAMS/waybilld"; do
        [ -x "$program" ] || fail "there is no $program: run 'make build' first"
    done
    for place in "waybill:$BINDIR" "waybilld:$SBINDIR"; do
        install -D "$PROGRAMS/${place%%:*}" "$root${place#*:}/${place%%:*}"
        [ -z "${STRIP:-}" ] || "$STRIP" --strip-unneeded "$root${place#*:}/${place%%:*}"
    done
    for entry in "${shells[@]}"; do
        mkdir -p "$root$(dirname "${entry#*:}")"
        # bash's begins with #!, but is read and never run.
        "$PROGRAMS/waybill" --generate-completion-script "${entry%%:*}" | sed '1{/^#!/d}' >"$root${entry#*:}"
        chmod 644 "$root${entry#*:}"
    done
    while IFS=: read -r program place; do
        install -D -m 644 "$program" "$root$place"
    done < <(files)
    mkdir -p "$root$UNITDIR"
    sed "s|/usr/sbin/waybilld|$SBINDIR/waybilld|" systemd/waybilld.service >"$root$UNITDIR/waybilld.service"
    chmod 644 "$root$UNITDIR/waybilld.service"
    if [ -e "$root$config" ]; then
        cmp -s config/waybill.yaml "$root$config" || echo "$root$config was there already and stays as it is"
    else
        install -D -m 644 config/waybill.yaml "$root$config"
    fi
    [ -n "$root" ] || cat <<NEXT
Installed. What is left to do, as root:
    systemd-sysusers $SYSUSERSDIR/waybill.conf && systemd-tmpfiles --create $TMPFILESDIR/waybill.conf
    systemctl daemon-reload && systemctl enable --now waybilld
    usermod -aG waybill USER      # who may see what it saw
NEXT
}

uninstall_all() {
    local place entry
    if [ -z "$root" ] && [ -d /run/systemd/system ]; then
        systemctl disable --quiet --now waybilld.socket waybilld.service 2>/dev/null || true
    fi
    rm -f "$root$BINDIR/waybill" "$root$SBINDIR/waybilld" "$root$UNITDIR/waybilld.service"
    for entry in "${shells[@]}"; do
        rm -f "$root${entry#*:}"
    done
    while IFS=: read -r _ place; do
        rm -f "$root$place"
    done < <(files)
    rmdir "$root$DOCDIR/examples" "$root$DOCDIR/schemas" "$root$DOCDIR" 2>/dev/null || true
    if cmp -s config/waybill.yaml "$root$config"; then
        rm "$root$config"
        rmdir "$root$(dirname "$config")" 2>/dev/null || true
    elif [ -e "$root$config" ]; then
        echo "$root$config was changed and stays"
    fi
    [ -n "$root" ] || cat <<NEXT
Uninstalled. History and user stay; to remove them, as root:
    systemctl daemon-reload && rm -rf /var/lib/waybill /run/waybill && userdel waybill
NEXT
}

case ${1:-} in
    install) install_all ;;
    uninstall) uninstall_all ;;
    *) fail "install or uninstall?" ;;
esac
