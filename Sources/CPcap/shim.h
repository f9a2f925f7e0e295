/* libpcap as it is, and the few things of it that Swift cannot import. */
#ifndef WB_CPCAP_SHIM_H
#define WB_CPCAP_SHIM_H

#include <net/if.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>

#include <pcap/pcap.h>

/* The IFF_ flags of an interface, or -1 with errno. ioctl is variadic, which Swift does not import, and the name
 * inside struct ifreq would be a tuple of 16 values there. */
static inline int wb_interface_flags(int descriptor, const char *name) {
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    if (ioctl(descriptor, SIOCGIFFLAGS, &request) < 0) return -1;
    return (unsigned short)request.ifr_flags;
}

/* A descriptor to end poll(2) with, or -1 with errno. The Glibc module of Swift leaves sys/eventfd.h out. */
static inline int wb_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

#endif
