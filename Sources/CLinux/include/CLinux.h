/* Kernel headers as they are, and the few things of them that Swift cannot import. Used by Host alone. */
#ifndef WB_CLINUX_H
#define WB_CLINUX_H

#include <linux/capability.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stddef.h>
#include <stdint.h>

/* Layouts that the Swift side reads and writes as raw bytes: a mismatch stops the build. */
_Static_assert(sizeof(struct nlmsghdr) == 16, "nlmsghdr layout changed");
_Static_assert(sizeof(struct rtattr) == 4, "rtattr layout changed");
_Static_assert(sizeof(struct ifinfomsg) == 16, "ifinfomsg layout changed");
_Static_assert(sizeof(struct ifaddrmsg) == 8, "ifaddrmsg layout changed");
_Static_assert(sizeof(struct nfgenmsg) == 4, "nfgenmsg layout changed");
_Static_assert(sizeof(struct rtmsg) == 12, "rtmsg layout changed");
_Static_assert(sizeof(struct rtnexthop) == 8, "rtnexthop layout changed");
_Static_assert(sizeof(struct ndmsg) == 12, "ndmsg layout changed");
_Static_assert(sizeof(struct fib_rule_hdr) == 12, "fib_rule_hdr layout changed");
_Static_assert(sizeof(struct perf_event_header) == 8, "perf_event_header layout changed");
_Static_assert(sizeof(struct inet_diag_req_v2) == 56, "inet_diag_req_v2 layout changed");
_Static_assert(sizeof(struct inet_diag_msg) == 72, "inet_diag_msg layout changed");
_Static_assert(NLMSG_ALIGNTO == RTA_ALIGNTO, "attributes and messages are no longer aligned alike");

/* NLMSG_ALIGN is a function-like macro, which Swift does not import. */
static inline size_t wb_nlmsg_align(size_t length) { return NLMSG_ALIGN(length); }

/* NLA_TYPE_MASK is a complement of a disjunction, which Swift does not import. */
static inline uint16_t wb_nla_type(uint16_t type) { return (uint16_t)(type & NLA_TYPE_MASK); }

/* From linux/if.h, which clashes with the C library's net/if.h where Swift sees both. */
extern const uint32_t wb_iff_up;
extern const uint32_t wb_iff_loopback;
extern const uint32_t wb_iff_lower_up;

/* Names the calling thread, by 15 bytes at most (PR_SET_NAME of prctl(2)). */
void wb_name_thread(const char *name);

/* Whether something keeps the clock right (adjtimex(2), which changes nothing so): 1, 0, or -1 with errno set. Of the
   error that the kernel estimates, *microseconds is told. */
int wb_clock_is_kept(int64_t *microseconds);

/* What the kernel does with segments of an interface before it sends and after it receives them (linux/ethtool.h): bits of
   WB_OFFLOAD_*, or -1 with errno set when it has no such interface. */
enum { WB_OFFLOAD_TSO = 1, WB_OFFLOAD_GSO = 2, WB_OFFLOAD_GRO = 4, WB_OFFLOAD_LRO = 8 };
int wb_offloads(const char *interface);

/* eventfd(2), whose header Swift does not see. */
int wb_event_descriptor(void);

/* perf_event_open(2), which the C library does not have. Both fill an attribute whose many bit fields are easier to
   set here; times are CLOCK_MONOTONIC's. All return a descriptor, or -1 with errno set. */

/* Every hit of the tracepoint `identifier` on `processor`, with thread, time and the tracepoint's own fields. */
int wb_open_tracepoint(uint64_t identifier, int processor);

/* What processes on `processor` do: fork, exec by name, exit. */
int wb_open_task_events(int processor);

/* Sends what `event` records into the ring of `ring`. */
int wb_perf_redirect(int event, int ring);
/* An expression over the tracepoint's fields (Documentation/trace/events.rst): what does not match is not recorded. */
int wb_perf_filter(int event, const char *filter);
int wb_perf_enable(int event);

/* The ring's head is written by the kernel, the tail by its reader (perf_event_open(2), "MMAP layout"). */
uint64_t wb_ring_head(const void *page);
void wb_ring_set_tail(void *page, uint64_t tail);

#endif
