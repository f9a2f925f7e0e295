# shellcheck shell=bash
# Answers that find nobody: the first comes when dig has stopped waiting, and three are to no request at all.
verdict='exchange.unclaimed_answer@exchange connect.unclaimed_answer@connect'
exits='dig 9'
capture_filter='host fd77:2::2 or (host 10.77.2.2 and port 53) or icmp'

prepare() {
    start "$LAB_SERVER_NS" stray_peer 5356,udp/53 python3 "$here/stray_peer.py" late "$LAB_SERVER" 5356 1.5
}

# What the client has turned away so far: datagrams by ICMP, IPv4 and IPv6, and segments by RST.
turned_away() {
    in_client nstat -asz | awk '
        { count[$1] = $2 }
        END { print count["IcmpOutDestUnreachs"] + 0, count["Icmp6OutDestUnreachs"] + 0, count["TcpOutRsts"] + 0 }'
}

turned_away_since() { # ICMP ICMPV6 RST
    local now
    read -ra now <<<"$(turned_away)"
    ((now[0] > $1 && now[1] > $2 && now[2] > $3 + 1))
}

traffic() {
    local before
    read -ra before <<<"$(turned_away)"
    try_dig +time=1 +tries=1 "@$LAB_SERVER" "$LAB_NAME" A
    in_ns "$LAB_SERVER_NS" python3 "$here/stray_peer.py" unasked "$LAB_SERVER6" 443 "$LAB_CLIENT6"
    await "the client turns all of them away" turned_away_since "${before[@]}"
}
