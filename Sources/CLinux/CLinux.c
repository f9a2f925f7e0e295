#include "CLinux.h"

#include <linux/if.h>

const uint32_t wb_iff_up = IFF_UP;
const uint32_t wb_iff_loopback = IFF_LOOPBACK;
const uint32_t wb_iff_lower_up = IFF_LOWER_UP;
