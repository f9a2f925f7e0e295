/* Kernel headers as they are, and the few things of them that Swift cannot import. Used by Host alone. */
#ifndef WB_CLINUX_H
#define WB_CLINUX_H

#include <linux/capability.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* Layouts that the Swift side reads and writes as raw bytes: a mismatch stops the build. */
_Static_assert(sizeof(struct nlmsghdr) == 16, "nlmsghdr layout changed");
_Static_assert(sizeof(struct rtattr) == 4, "rtattr layout changed");
_Static_assert(sizeof(struct ifinfomsg) == 16, "ifinfomsg layout changed");
_Static_assert(sizeof(struct ifaddrmsg) == 8, "ifaddrmsg layout changed");
_Static_assert(NLMSG_ALIGNTO == RTA_ALIGNTO, "attributes and messages are no longer aligned alike");

/* NLMSG_ALIGN is a function-like macro, which Swift does not import. */
static inline size_t wb_nlmsg_align(size_t length) { return NLMSG_ALIGN(length); }

/* NLA_TYPE_MASK is a complement of a disjunction, which Swift does not import. */
static inline uint16_t wb_nla_type(uint16_t type) { return (uint16_t)(type & NLA_TYPE_MASK); }

/* From linux/if.h, which clashes with the C library's net/if.h where Swift sees both. */
extern const uint32_t wb_iff_up;
extern const uint32_t wb_iff_loopback;
extern const uint32_t wb_iff_lower_up;

#endif
