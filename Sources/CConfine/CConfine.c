#define _GNU_SOURCE
#include "CConfine.h"

#include <linux/prctl.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

const int wb_pr_capbset_read = PR_CAPBSET_READ;
const int wb_pr_capbset_drop = PR_CAPBSET_DROP;
const int wb_pr_cap_ambient = PR_CAP_AMBIENT;
const unsigned long wb_pr_cap_ambient_raise = PR_CAP_AMBIENT_RAISE;
const unsigned long wb_pr_cap_ambient_clear_all = PR_CAP_AMBIENT_CLEAR_ALL;
const int wb_pr_set_keepcaps = PR_SET_KEEPCAPS;
const int wb_pr_set_dumpable = PR_SET_DUMPABLE;
const int wb_pr_set_no_new_privs = PR_SET_NO_NEW_PRIVS;
const int wb_pr_set_securebits = PR_SET_SECUREBITS;
const unsigned long wb_securebits_no_root = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED;

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN (1UL << 0)
#endif
const int wb_pr_set_mdwe = PR_SET_MDWE;
const unsigned long wb_pr_mdwe_refuse_exec_gain = PR_MDWE_REFUSE_EXEC_GAIN;

int wb_set_capabilities(uint64_t effective, uint64_t inheritable)
{
    /* The C library's wrapper would be libcap's; a thread is named by 0, itself. */
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    for (int word = 0; word < _LINUX_CAPABILITY_U32S_3; word++) {
        data[word].effective = data[word].permitted = (uint32_t)(effective >> (32 * word));
        data[word].inheritable = (uint32_t)(inheritable >> (32 * word));
    }
    return (int)syscall(SYS_capset, &header, data);
}

int wb_get_capabilities(uint64_t *permitted)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    int result = (int)syscall(SYS_capget, &header, data);
    if (result == 0)
        *permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    return result;
}

int wb_set_group(uint32_t group) { return setresgid(group, group, group); }

int wb_set_user(uint32_t user) { return setresuid(user, user, user); }

int wb_prctl(int option, unsigned long argument, unsigned long second)
{
    return prctl(option, argument, second, 0UL, 0UL);
}
