/* What the C library has no function for, and what of the kernel's headers Swift cannot import. Used by Confine alone. */
#ifndef WB_CCONFINE_H
#define WB_CCONFINE_H

#include <linux/capability.h>
#include <stdint.h>

/* capset(2), of the calling thread alone: what it may use, and what a program that it starts may be given. Bits by
   capability number. Returns 0, or -1 with errno set. */
int wb_set_capabilities(uint64_t effective, uint64_t inheritable);

/* capget(2), of the calling thread: what it may use. Returns 0, or -1 with errno set. */
int wb_get_capabilities(uint64_t *permitted);

/* setresgid(2) and setresuid(2), all three of each, in all threads; the C library declares them for GNU programs alone.
   Both return 0, or -1 with errno set. */
int wb_set_group(uint32_t group);
int wb_set_user(uint32_t user);

/* prctl(2) with whole numbers, of which it takes five. */
int wb_prctl(int option, unsigned long argument, unsigned long second);

/* From linux/prctl.h; MDWE came with Linux 6.3, which the headers may be older than. */
extern const int wb_pr_capbset_read;
extern const int wb_pr_capbset_drop;
extern const int wb_pr_cap_ambient;
extern const unsigned long wb_pr_cap_ambient_raise;
extern const unsigned long wb_pr_cap_ambient_clear_all;
extern const int wb_pr_set_keepcaps;
extern const int wb_pr_set_dumpable;
extern const int wb_pr_set_no_new_privs;
extern const int wb_pr_set_securebits;
/* SECBIT_NOROOT and its lock: a program that root starts is given no more than others. */
extern const unsigned long wb_securebits_no_root;
extern const int wb_pr_set_mdwe;
extern const unsigned long wb_pr_mdwe_refuse_exec_gain;


#endif
