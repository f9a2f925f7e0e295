#ifndef WB_CLINUX_H
#define WB_CLINUX_H
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#endif
