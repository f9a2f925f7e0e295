import API

extension Samples {
    static let well = [
        Check("daemon", .ok, "waybilld 0.1.0 answers at /run/waybill/waybill.sock"),
        Check("group", .ok, "the socket is for group waybill, mode 660"),
        Check("capture", .ok, "captured: eth0, lo"),
        Check("cap_net_raw", .ok, "waybilld has it"),
        Check(
            "tracepoints", .ok, "the kernel tells which thread connects or sends, and which program it runs"),
    ]

    static let lost =
        well + [
            Check(
                "cap_dac_read_search", .lost,
                "waybilld does not have it; AmbientCapabilities and CapabilityBoundingSet of waybilld.service have to name "
                    + "it", lost: "tracepoints, and whose sockets those of other users are",
                fix: "sudo systemctl edit waybilld.service"),
            Check(
                "sockets", .lost, "looking whose socket it is needs CAP_DAC_READ_SEARCH",
                lost: "process, of sockets that were open before", fix: "sudo systemctl edit waybilld.service"),
            Check(
                "rules", .lost, "nft is not installed (package nftables)", lost: "the rule behind a translation",
                fix: "sudo apt-get install nftables"),
            Check(
                "conntrack_timestamps", .limited, "net.netfilter.nf_conntrack_timestamp is 0",
                lost: "when translations began that were there before waybilld",
                fix: "sudo nsenter --target 4711 --net sysctl -w net.netfilter.nf_conntrack_timestamp=1"),
        ]

    static let absent = [
        Check(
            "daemon", .lost, "waybilld is not running: there is no socket at /run/waybill/waybill.sock",
            lost: "everything: nothing is watched", fix: "sudo systemctl start waybilld"),
        Check("sources", .unknown, "only waybilld can tell what it depends on", lost: "what else may be lost"),
    ]
}
