#include "CLinux.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

const uint32_t wb_iff_up = IFF_UP;
const uint32_t wb_iff_loopback = IFF_LOOPBACK;
const uint32_t wb_iff_lower_up = IFF_LOWER_UP;

static struct perf_event_attr attribute(uint32_t type, uint64_t config)
{
    struct perf_event_attr attr = {0};
    attr.type = type;
    attr.size = sizeof attr;
    attr.config = config;
    attr.sample_period = 1;
    attr.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME;
    attr.sample_id_all = 1;
    attr.disabled = 1;
    attr.use_clockid = 1;
    /* CLOCK_REALTIME is not allowed: a step of it would put records out of order. */
    attr.clockid = CLOCK_MONOTONIC;
    /* Wakes its reader at every record: who asked is looked up while it lives. */
    attr.wakeup_events = 1;
    return attr;
}

static int perf_open(const struct perf_event_attr *attr, int processor)
{
    return (int)syscall(SYS_perf_event_open, attr, -1, processor, -1, PERF_FLAG_FD_CLOEXEC);
}

int wb_open_tracepoint(uint64_t identifier, int processor)
{
    struct perf_event_attr attr = attribute(PERF_TYPE_TRACEPOINT, identifier);
    attr.sample_type |= PERF_SAMPLE_RAW;
    return perf_open(&attr, processor);
}

int wb_open_task_events(int processor)
{
    struct perf_event_attr attr = attribute(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_DUMMY);
    attr.task = 1;
    attr.comm = 1;
    attr.comm_exec = 1;
    /* These need no haste. */
    attr.watermark = 1;
    attr.wakeup_watermark = 16384;
    return perf_open(&attr, processor);
}

int wb_perf_redirect(int event, int ring) { return ioctl(event, PERF_EVENT_IOC_SET_OUTPUT, ring); }

int wb_perf_filter(int event, const char *filter) { return ioctl(event, PERF_EVENT_IOC_SET_FILTER, filter); }

int wb_perf_enable(int event) { return ioctl(event, PERF_EVENT_IOC_ENABLE, 0); }

uint64_t wb_ring_head(const void *page)
{
    return __atomic_load_n(&((const struct perf_event_mmap_page *)page)->data_head, __ATOMIC_ACQUIRE);
}

void wb_ring_set_tail(void *page, uint64_t tail)
{
    __atomic_store_n(&((struct perf_event_mmap_page *)page)->data_tail, tail, __ATOMIC_RELEASE);
}

void wb_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

int wb_clock_is_kept(int64_t *microseconds)
{
    struct timex state = {0};
    int result = adjtimex(&state);
    if (result < 0)
        return -1;
    *microseconds = state.esterror;
    return result != TIME_ERROR && !(state.status & STA_UNSYNC);
}

int wb_offloads(const char *interface)
{
    static const struct {
        uint32_t command, mask;
        int bit;
    } questions[] = {
        {ETHTOOL_GTSO, 1, WB_OFFLOAD_TSO},
        {ETHTOOL_GGSO, 1, WB_OFFLOAD_GSO},
        {ETHTOOL_GGRO, 1, WB_OFFLOAD_GRO},
        {ETHTOOL_GFLAGS, ETH_FLAG_LRO, WB_OFFLOAD_LRO},
    };
    /* Any socket will do, and this kind is always allowed. */
    int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), offloads = 0;
    if (descriptor < 0)
        return -1;
    for (size_t index = 0; index < sizeof questions / sizeof *questions; index++) {
        struct ethtool_value value = {questions[index].command, 0};
        struct ifreq request = {0};
        strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
        request.ifr_data = (void *)&value;
        if (ioctl(descriptor, SIOCETHTOOL, &request) == 0) {
            if (value.data & questions[index].mask)
                offloads |= questions[index].bit;
        } else if (errno == ENODEV) {
            close(descriptor);
            errno = ENODEV;
            return -1;
        }
    }
    close(descriptor);
    return offloads;
}

int wb_event_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
