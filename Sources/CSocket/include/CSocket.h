/* What Serve needs of sockets and Swift cannot import: functions and structs that glibc declares for _GNU_SOURCE alone. */
#ifndef CSOCKET_H
#define CSOCKET_H

#include <stdint.h>
#include <sys/types.h>

/* Who connected to a Unix socket, as the kernel noted it then (struct ucred, unix(7)). */
struct wb_peer {
    pid_t process;
    uid_t user;
    gid_t group;
};

/* accept4(2): the new descriptor does not block, and no child inherits it. */
int wb_accept(int listener);

/* getsockopt(2) with SO_PEERCRED: 0, or -1 with errno. */
int wb_peer_credentials(int connection, struct wb_peer *peer);

/* getsockopt(2) with SO_PEERGROUPS: how many there are, or -1 with errno; ERANGE when there are more than `room`. */
int wb_peer_groups(int connection, gid_t *groups, int room);

/* 1 for a listening AF_UNIX stream socket, 0 for anything else. */
int wb_is_listening_unix_stream(int descriptor);

/* eventfd(2): ends another thread's wait. */
int wb_wake_descriptor(void);

#endif
