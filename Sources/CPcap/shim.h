/* libpcap as it is, and the few things of it that Swift cannot import. */
#ifndef WB_CPCAP_SHIM_H
#define WB_CPCAP_SHIM_H

#include <pcap/pcap.h>

#endif
