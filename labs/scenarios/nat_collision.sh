# shellcheck shell=bash
# The router masquerades to one source port alone: while a first connection has it, the SYNs of a second one to the same
# server are dropped without a word (insert_failed), and never leave.
verdict='translation.port_collision@translation'
watched_at=router
exits='curl 28'
recorded=no

prepare() {
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip scenario {
    chain postrouting {
        type nat hook postrouting priority srcnat - 1
        ip daddr $LAB_SERVER tcp dport $LAB_PORT_STALL masquerade to :40000
    }
}
RULES
}

traffic() {
    # It goes on until the scenario is over.
    start "$LAB_CLIENT_NS" first - curl --silent --max-time 60 --output /dev/null "http://$LAB_SERVER:$LAB_PORT_STALL/"
    await "the first connection" has_port
    try_curl --max-time 4 "http://$LAB_SERVER:$LAB_PORT_STALL/"
}

has_port() {
    in_ns "$LAB_ROUTER_NS" conntrack -L -p tcp --dport "$LAB_PORT_STALL" 2>/dev/null | grep -q ESTABLISHED
}

finish() {
    in_ns "$LAB_ROUTER_NS" nft delete table ip scenario
}
