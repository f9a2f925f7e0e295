#define _GNU_SOURCE
#include "CSocket.h"

#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

int wb_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int wb_peer_credentials(int connection, struct wb_peer *peer)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
    peer->process = credentials.pid;
    peer->user = credentials.uid;
    peer->group = credentials.gid;
    return 0;
}

int wb_peer_groups(int connection, gid_t *groups, int room)
{
    socklen_t size = (socklen_t)room * sizeof *groups;
    if (getsockopt(connection, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0) return -1;
    return (int)(size / sizeof *groups);
}

static int option(int descriptor, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

int wb_is_listening_unix_stream(int descriptor)
{
    return option(descriptor, SO_DOMAIN) == AF_UNIX && option(descriptor, SO_TYPE) == SOCK_STREAM
        && option(descriptor, SO_ACCEPTCONN) == 1;
}

int wb_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
