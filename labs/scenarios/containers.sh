# shellcheck shell=bash
# The router as a host of containers, docker's shape: a bridge, two containers behind masquerade, one with a published
# port. From a container to the server and to the other container; to the published port from the client, from the host
# itself, from the other container and from its own.
exits='curl 0 curl 0 curl 0 curl 0 curl 0 curl 0 dig 0 ping 0'
pattern='"http_code":200'
capture_on='router lan0 wan0 docker0 veth1 veth2'
capture_filter='tcp port 80 or tcp port 8080 or port 53 or icmp or arp'
largest=150000

container() { # NUMBER
    local ns=wb-$LAB_ID-c$1
    add_host "c$1"
    in_ns "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
    ip -n "$LAB_ROUTER_NS" link add "veth$1" type veth peer name eth0 netns "$ns"
    in_ns "$LAB_ROUTER_NS" sysctl -qw "net.ipv6.conf.veth$1.disable_ipv6=1"
    ip -n "$LAB_ROUTER_NS" link set "veth$1" master docker0 up
    # As docker does without its proxy: a container reaches its own published port.
    in_ns "$LAB_ROUTER_NS" bridge link set dev "veth$1" hairpin on
    ip -n "$ns" address add "172.17.0.1$1/16" dev eth0
    ip -n "$ns" link set eth0 up
    ip -n "$ns" route add default via 172.17.0.1
    start "$ns" "page-c$1" 80 python3 -m http.server --directory "$LAB_DIR/www" 80
}

prepare() {
    ip -n "$LAB_ROUTER_NS" link add docker0 type bridge
    in_ns "$LAB_ROUTER_NS" sysctl -qw net.ipv6.conf.docker0.disable_ipv6=1
    ip -n "$LAB_ROUTER_NS" address add 172.17.0.1/16 dev docker0
    ip -n "$LAB_ROUTER_NS" link set docker0 up
    container 1
    container 2
    # With its proxy switched off, docker has these very rules.
    in_ns "$LAB_ROUTER_NS" nft -f - <<RULES
table ip docker {
    chain published {
        tcp dport 8080 dnat to 172.17.0.12:80
    }
    chain prerouting {
        type nat hook prerouting priority dstnat
        fib daddr type local jump published
    }
    chain output {
        type nat hook output priority -100
        ip daddr != 127.0.0.0/8 fib daddr type local jump published
    }
    chain postrouting {
        type nat hook postrouting priority srcnat
        ip saddr 172.17.0.0/16 oifname != "docker0" masquerade
        ip saddr 172.17.0.12 ip daddr 172.17.0.12 tcp dport 80 masquerade
    }
}
RULES
    # The lab's own rule would fit as well; one of them is enough.
    in_ns "$LAB_ROUTER_NS" nft flush chain ip nat postrouting
    await "the bridge" bridge_forwards
}

bridge_forwards() {
    in_ns "wb-$LAB_ID-c1" curl --silent --max-time 1 --output /dev/null http://172.17.0.12/
}

traffic() {
    on c1 try_curl "http://$LAB_SERVER/"
    on c1 try_curl http://172.17.0.12/
    try_curl "http://$LAB_GATEWAY:8080/"
    on router try_curl "http://$LAB_GATEWAY:8080/"
    on c1 try_curl "http://$LAB_GATEWAY:8080/"
    on c2 try_curl "http://$LAB_GATEWAY:8080/"
    on c1 try_dig "@$LAB_RESOLVER" "$LAB_NAME" A
    on c1 try_ping -c 1 "$LAB_SERVER"
}

finish() {
    ip -n "$LAB_ROUTER_NS" link del docker0 2>/dev/null || true
    ip -n "$LAB_ROUTER_NS" link del veth1 2>/dev/null || true
    ip -n "$LAB_ROUTER_NS" link del veth2 2>/dev/null || true
    in_ns "$LAB_ROUTER_NS" nft delete table ip docker 2>/dev/null || true
    in_ns "$LAB_ROUTER_NS" nft add rule ip nat postrouting oifname wan0 masquerade
}
